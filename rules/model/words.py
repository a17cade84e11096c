#!/usr/bin/env python3
"""Counts the words that programs are written in, for the score's dictionary.

usage: words.py FOLDER MOST >words.txt

FOLDER holds one folder a project, such as ~/.cargo/registry/src/INDEX: the crates that this program is built from. A word is three to
twelve letters in a row, cut where case changes from lower to upper; it counts once a project, and the MOST that stand in most
projects are printed, sorted by letter. Licences and generated tables count like everything else.
"""
import collections
import os
import re
import sys

TEXT = (".rs", ".md", ".toml", ".txt", ".py", ".c", ".h", ".js", ".sh", ".yml", ".yaml", ".json", ".html")
WORD = re.compile(rb"(?<![a-z])[A-Z]?[a-z]{2,11}(?![a-z])|(?<![A-Za-z])[A-Z]{3,12}(?![A-Za-z])")


def main():
    folder, most = sys.argv[1], int(sys.argv[2])
    projects = collections.Counter()
    for project in sorted(os.listdir(folder)):
        seen = set()
        for place, folders, names in os.walk(os.path.join(folder, project)):
            folders.sort()
            for name in sorted(names):
                path = os.path.join(place, name)
                if name.endswith(TEXT) and os.path.getsize(path) < 400_000:
                    with open(path, "rb") as text:
                        seen.update(word.lower() for word in WORD.findall(text.read()))
        projects.update(word.decode() for word in seen if 3 <= len(word) <= 12)
    common = sorted(projects.items(), key=lambda item: (-item[1], item[0]))[:most]
    print("\n".join(sorted(word for word, _ in common)))


main()
