#!/usr/bin/env python3
"""Trains the score for generic credentials and writes the table that the program walks.

usage: train.py SET FEATURES.jsonl FINDINGS.jsonl [--clean CLEAN.jsonl] [--out forest.bin] [--report REPORT.md] [--plot PLOT.svg]

SET             a folder with data/ (files) and meta/*.csv (labelled lines), as in CredData
FEATURES.jsonl  `withhold dev features data`, run in SET
FINDINGS.jsonl  `withhold scan --format jsonl --no-config data`, run in SET; what the scored rules found in it is left out, what all
                other rules found counts as found in every figure of the program as a whole
CLEAN.jsonl     `withhold dev features --scope all TREE`, TREE a folder of published libraries, one folder a project, in which no value
                is taken for a credential: test vectors and documented examples most of all

Every choice is made and every figure is had by cross-validation, folds split by repository: no candidate is scored by trees that saw
its repository. What is written is trained on all of them. The same input gives the same bytes.
"""
import argparse
import collections
import csv
import glob
import json
import math
import os
import re
import struct

import lightgbm
import numpy
from sklearn.model_selection import GroupKFold

# What only tells something apart and opens nothing; neither wanted nor a false alarm. As in the scorer.
NEUTRAL = {"UUID", "AWS S3 Bucket", "Firebase Domain", "Tencent WeChat API App ID", "Nonce", "Salt"}
SCORED = ("generic-password", "generic-secret", "generic-token", "generic-api-key", "generic-credential")
DEPTH = 4
NODES, LEAVES = 2**DEPTH - 1, 2**DEPTH
# One unit of the table's sums, in log-odds.
UNIT = 1 / 1024
FOLDS = 10
# What the candidates of a clean project weigh against labelled ones, and how many of them are learned from, evenly spread.
CLEAN_WEIGHT = 1.0
CLEAN_MOST = 400
# A repository with n candidates of a kind counts for n to the power of one less this.
POWER = 0.5
TREES = 128
PARAMETERS = dict(
    objective="binary",
    learning_rate=0.09,
    num_leaves=2**DEPTH,
    max_depth=DEPTH,
    min_data_in_leaf=15,
    min_sum_hessian_in_leaf=1.0,
    feature_fraction=0.25,
    bagging_fraction=0.7,
    bagging_freq=1,
    lambda_l2=8.0,
    max_bin=255,
    min_data_in_bin=1,
    use_missing=False,
    seed=1,
    deterministic=True,
    force_row_wise=True,
    num_threads=1,
    verbosity=-1,
)


def labels(folder):
    """The labelled lines of every file: first, last, kind, categories, and where the value is on a line, if that is known."""
    spans = collections.defaultdict(list)
    for name in sorted(glob.glob(os.path.join(folder, "meta", "*.csv"))):
        with open(name, newline="") as file:
            for row in csv.DictReader(file):
                categories = set(row["Category"].split(":"))
                kind = "F"
                if row["GroundTruth"] == "T":
                    neutral = categories <= NEUTRAL or row["PredefinedPattern"].lower() == "info"
                    kind = "N" if neutral else "T"
                at = (int(row["ValueStart"]), int(row["ValueEnd"] or -1)) if row["ValueStart"] else None
                spans[row["FilePath"]].append((int(row["LineStart"]), int(row["LineEnd"]), kind, categories, at))
    return spans


def under(path):
    return "data/" + path.replace("\\", "/").split("/data/")[-1].removeprefix("data/")


class Scorer:
    """Counts as the scorer does: by line, one finding a line."""

    def __init__(self, spans, fixed):
        self.spans, self.fixed = spans, fixed

    def score(self, lines):
        found = collections.defaultdict(set)
        for path, first, last in self.fixed | lines:
            found[path].add((first, last))
        rows = hit = good = bad = odd = 0
        total, hits = collections.Counter(), collections.Counter()
        for path, spans in self.spans.items():
            here = found.get(path, ())
            for first, last, kind, categories, _ in spans:
                if kind == "T":
                    rows += 1
                    ok = any(start <= last and end >= first for start, end in here)
                    hit += ok
                    for category in categories:
                        total[category] += 1
                        hits[category] += ok
        for path, here in found.items():
            for start, end in here:
                kinds = {kind for first, last, kind, _, _ in self.spans.get(path, ()) if start <= last and end >= first}
                good += "T" in kinds
                bad += "T" not in kinds and "N" not in kinds and "F" in kinds
                odd += not kinds
        recall = hit / rows
        precision, strict = good / max(1, good + bad), good / max(1, good + bad + odd)
        f1 = lambda other: 2 * other * recall / max(1e-9, other + recall)
        return dict(recall=recall, precision=precision, f1=f1(precision), strict_precision=strict, strict_f1=f1(strict),
                    look_alikes=bad, unlabelled=odd, by={name: (hits[name], count) for name, count in total.most_common()})


def read(args):
    spans = labels(args.set)
    fixed = set()
    with open(args.findings) as file:
        for line in file:
            one = json.loads(line)
            if one["rule"] not in SCORED:
                fixed.add((under(one["path"]), one["line"], one["end_line"]))
    names, rows, wanted, groups, places, weights = None, [], [], [], [], []
    with open(args.features) as file:
        for line in file:
            one = json.loads(line)
            path = under(one["path"])
            first, last = one["line"], one["end_line"]
            near = [label for label in spans.get(path, ()) if first <= label[1] and last >= label[0]]
            kinds = {label[2] for label in near}
            if "T" in kinds:
                # A line may hold a credential and something else: with the place known, only what overlaps it is one.
                placed = [label for label in near if label[2] == "T" and label[4] and label[0] == label[1] == first == last]
                start, end = one["column"] - 1, one["end_column"] - 1
                apart = placed and len(placed) == len([label for label in near if label[2] == "T"]) and not any(
                    start < (value[1] if value[1] > 0 else value[0] + 1) and end > value[0] for value in (label[4] for label in placed))
                use = 0.0 if apart else 1.0
            else:
                use = 0.0 if "N" in kinds else 1.0
            names = names or list(one["features"])
            rows.append([one["features"][name] for name in names])
            wanted.append("T" in kinds)
            weights.append(use)
            groups.append(path.split("/")[1])
            places.append((path, first, last))
    return spans, fixed, names, numpy.array(rows, dtype=numpy.float64), numpy.array(wanted, dtype=int), numpy.array(groups), places, numpy.array(weights)


def read_clean(path, names):
    """The candidates of clean trees, by project; no value that is there is a credential."""
    rows, groups = [], []
    with open(path) as file:
        for line in file:
            one = json.loads(line)
            rows.append([one["features"][name] for name in names])
            # All versions of a library are one project.
            groups.append("clean/" + re.sub(r"-\d[\w.+-]*$", "", one["path"].split("/")[0]))
    return numpy.array(rows, dtype=numpy.float64), numpy.array(groups)


def spread(groups):
    """One for each candidate that is learned from, nothing for the others."""
    counts, seen, use = collections.Counter(groups), collections.Counter(), numpy.zeros(len(groups))
    for at, group in enumerate(groups):
        share = min(1, CLEAN_MOST / counts[group])
        use[at] = int((seen[group] + 1) * share) > int(seen[group] * share)
        seen[group] += 1
    return use


def balanced(weights, wanted, groups, power):
    """Weights by which a repository with very many candidates of a kind counts for less than all of them."""
    counts = collections.Counter((group, kind) for weight, group, kind in zip(weights, groups, wanted) if weight > 0)
    return numpy.array([weight * max(1, counts[group, kind]) ** -power for weight, group, kind in zip(weights, groups, wanted)])


def train(rows, wanted, weights, trees=TREES, **other):
    use = weights > 0
    weight = weights[use] / weights[use].mean()
    data = lightgbm.Dataset(rows[use], wanted[use], weight=weight, params=dict(max_bin=255, min_data_in_bin=1, verbosity=-1))
    return lightgbm.train(PARAMETERS | other, data, num_boost_round=trees)


def cross_validated(rows, wanted, groups, weights, **other):
    """The sum of every candidate, by trees that saw nothing of its repository."""
    sums = numpy.zeros(len(rows))
    for learn, judge in GroupKFold(FOLDS).split(rows, wanted, groups):
        sums[judge] = train(rows[learn], wanted[learn], weights[learn], **other).predict(rows[judge], raw_score=True)
    return sums


def calibration(sums, wanted, weights):
    """How likely a candidate of a sum is a credential: Platt's sigmoid on cross-validated sums."""
    use = weights > 0
    x, y = sums[use], wanted[use].astype(float)
    a, b = 1.0, 0.0
    for _ in range(100):
        p = 1 / (1 + numpy.exp(-(a * x + b)))
        g = numpy.array([((p - y) * x).sum(), (p - y).sum()])
        w = p * (1 - p)
        h = numpy.array([[(w * x * x).sum(), (w * x).sum()], [(w * x).sum(), w.sum()]]) + 1e-6 * numpy.eye(2)
        step = numpy.linalg.solve(h, g)
        a, b = a - step[0], b - step[1]
        if abs(step).max() < 1e-9:
            break
    return a, b


def perfect(tree):
    """A tree of LightGBM's as one in which every leaf is at the same depth."""
    questions, worth, leaves = [(0, 255)] * NODES, [0.0] * NODES, [0.0] * LEAVES

    def put(node, at, level):
        value = node.get("internal_value", node.get("leaf_value"))
        if level == DEPTH:
            leaves[at - NODES] = node["leaf_value"]
            return
        worth[at] = value
        if "leaf_value" in node:
            put(node, 2 * at + 1, level + 1)
            put(node, 2 * at + 2, level + 1)
            return
        assert node["decision_type"] == "<="
        questions[at] = (node["split_feature"], min(255, math.floor(node["threshold"])))
        put(node["left_child"], 2 * at + 1, level + 1)
        put(node["right_child"], 2 * at + 2, level + 1)

    put(tree["tree_structure"], 0, 0)
    return questions, worth, leaves


def written(model, count, a, b):
    """The table's bytes, and a function that scores as the program does."""
    trees = [perfect(tree) for tree in model.dump_model()["tree_info"]]
    whole = lambda value: max(-32768, min(32767, round(value / UNIT)))
    out = b"WHF1" + struct.pack("<HHHi", count, len(trees), DEPTH, 0)
    for questions, worth, leaves in trees:
        out += b"".join(struct.pack("<BB", *question) for question in questions)
        out += struct.pack(f"<{NODES}h", *map(whole, worth)) + struct.pack(f"<{LEAVES}h", *map(whole, leaves))
    sums = []
    for thousandths in range(1, 1001):
        odds = math.log((thousandths - 0.5) / (1000.5 - thousandths))
        sums.append(max(-(2**31), min(2**31 - 1, math.ceil((odds - b) / a / UNIT))))
    return out + struct.pack("<1000i", *sums)


def lines_above(places, chance, least):
    return {place for place, one in zip(places, chance) if one >= least}


def plot(points, chosen, path):
    at = lambda recall, precision: (60 + recall * 500, 20 + (1 - precision) * 400)
    curve = " ".join("%.1f,%.1f" % at(recall, precision) for recall, precision in points)
    x, y = at(*chosen)
    grid = ""
    for tenth in range(0, 11, 2):
        gx, _ = at(tenth / 10, 0)
        _, gy = at(0, tenth / 10)
        grid += f'<path d="M60 {gy:.0f}H560M{gx:.0f} 20V420" stroke="#ddd"/><text x="52" y="{gy + 4:.0f}" text-anchor="end">{tenth / 10}</text><text x="{gx:.0f}" y="438" text-anchor="middle">{tenth / 10}</text>'
    with open(path, "w") as file:
        file.write(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 580 470" font-family="sans-serif" font-size="12">'
                   f'<rect width="580" height="470" fill="#fff"/>{grid}<polyline points="{curve}" fill="none" stroke="#06c" stroke-width="2"/>'
                   f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="#c30"/><text x="310" y="460" text-anchor="middle">recall</text>'
                   f'<text x="14" y="220" transform="rotate(-90 14 220)" text-anchor="middle">strict precision</text></svg>\n')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("set"), parser.add_argument("features"), parser.add_argument("findings")
    parser.add_argument("--out"), parser.add_argument("--report"), parser.add_argument("--plot")
    parser.add_argument("--clean")
    args = parser.parse_args()
    spans, fixed, names, rows, wanted, groups, places, use = read(args)
    scorer = Scorer(spans, fixed)
    weights = balanced(use, wanted, groups, POWER)
    labelled = len(rows)
    clean_groups = numpy.array([])
    if args.clean:
        clean, clean_groups = read_clean(args.clean, names)
        none = numpy.zeros(len(clean), dtype=int)
        weights = numpy.concatenate([weights, CLEAN_WEIGHT * balanced(spread(clean_groups), none, clean_groups, POWER)])
        rows, wanted, groups = numpy.concatenate([rows, clean]), numpy.concatenate([wanted, none]), numpy.concatenate([groups, clean_groups])
    everything = cross_validated(rows, wanted, groups, weights)
    sums = everything[:labelled]
    a, b = calibration(sums, wanted[:labelled], use)
    chance = 1 / (1 + numpy.exp(-(a * sums + b)))
    text = [f"Candidates {labelled}, of them on lines with a credential {wanted.sum()}, from {len(set(groups[:labelled]))} repositories."]
    if args.clean:
        of_clean = 1 / (1 + numpy.exp(-(a * everything[labelled:] + b)))
        above = ", ".join(f"{(of_clean >= least).sum()} at {least} and more" for least in (0.3, 0.5, 0.7, 0.9))
        text.append(f"Candidates in clean trees {len(of_clean)}, from {len(set(clean_groups))} projects: {above}.")
    text.append("")
    text += ["| at least | recall | precision | F1 | strict precision | strict F1 |", "|---|---|---|---|---|---|"]
    points, chosen = [], None
    for least in [0.05, 0.1, 0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9, 0.95]:
        one = scorer.score(lines_above(places, chance, least))
        points.append((one["recall"], one["strict_precision"]))
        if least == 0.5:
            chosen = one
        text.append(f"| {least} | {one['recall']:.3f} | {one['precision']:.3f} | {one['f1']:.3f} | {one['strict_precision']:.3f} | {one['strict_f1']:.3f} |")
    text += ["", "Recall at 0.5 by category:", "", "| category | found | of |", "|---|---|---|"]
    text += [f"| {name} | {hit} | {count} |" for name, (hit, count) in chosen["by"].items() if count >= 10]
    text += ["", "| confidence | candidates | mean confidence | credentials |", "|---|---|---|---|"]
    for tenth in range(10):
        here = (chance >= tenth / 10) & (chance < (tenth + 1) / 10) & (use > 0)
        if here.any():
            text.append(f"| {tenth / 10} to {(tenth + 1) / 10} | {here.sum()} | {chance[here].mean():.3f} | {wanted[:labelled][here].mean():.3f} |")
    print("\n".join(text))
    if args.report:
        with open(args.report, "w") as file:
            file.write("\n".join(text) + "\n")
    if args.plot:
        plot(points, (chosen["recall"], chosen["strict_precision"]), args.plot)
    if args.out:
        model = train(rows, wanted, weights)
        with open(args.out, "wb") as file:
            file.write(written(model, len(names), a, b))
        gains = sorted(zip(model.feature_importance("gain"), names), reverse=True)
        print("\nFeatures that tell most:", ", ".join(name for _, name in gains[:30]))
        print("Features that tell nothing:", ", ".join(name for gain, name in gains if gain == 0))


if __name__ == "__main__":
    main()
