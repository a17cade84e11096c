//! How rare a run of bytes is in source code and prose, case folded: what an anchor's keys are chosen by. Measured on 57 MB of
//! Rust, Python, Perl and C sources, configuration and manuals; one table of how surprising each byte is after the one before.

/// How many different bytes there are when case is folded: [`symbol`] tells which.
pub(crate) const SYMBOLS: usize = 64;

/// One hexadecimal digit for each byte's surprise, in bits, at most 15: first by itself, then after each of the others.
#[rustfmt::skip]
const SURPRISE: [&[u8; SYMBOLS]; SYMBOLS + 1] = [
    b"2a789ba7765a6877777788888868877b956554676598565559554577779898b6",
    b"19677a96797af8988889a999997985ab8565666875a967666a655686a9a697d7",
    b"326b7ac7184c8898cddfbcccdaaa83aa89987899a8ecaa989b779abccfd57987",
    b"3c4789d8944b38677789babcbb47ab4b9675666756a766675964667679a86699",
    b"1873abd9a96cbaa68aaaabab9bacdadac998458ba5dda9b95da998cb5fb397c8",
    b"88997ac859acbbb7b79bcdcdefabddba85545557658655555753465746668885",
    b"3a5977877877a89a7867ab9aaab9b89ba676367866ba66977562763878957888",
    b"29888b34955c6b7dbabbdbcdeabaa86ba7567786978b647779647888acb58ab7",
    b"4a7687b77459287899abbcccdb579a9b96656666758966676964577789876698",
    b"683a4965735bc99a6789aabbcc8b8bc77674665865986666595457778a967cc5",
    b"3e8a9cd7723a4966978ababbbb637a889786788986ab78788c766999afe784c8",
    b"1d859df8943da9957567786678cb77ab9896887aa7cb86994d977897cbd9a6f8",
    b"2b6a7ac46453868765569aab9a97a59898958468679a8898798899798aa757c6",
    b"1e7fadf7a82eedcdbbabcddedeedafefcababbbdaafecccabebabdcdadecbcfb",
    b"4e9cabd8ab7ac2aa755899a987ecba2ac665665776985666686557776a7a68da",
    b"4e7dabd8a83b9b573668799978cd899cb574455655796666595456779aaa98f5",
    b"3679a9d8983caa829789aa9abbb9cb5ba4655776668a56875a75578679aa8a8a",
    b"5f7ef9c8b64b674a243556555677cf6eb777777ac7dbabcbaccca7dc5a9b76b7",
    b"4e7edfb8a5495858443555455467ac5eb776666cb6bb9abb9cb9b6bacaac86f6",
    b"3f7feec8854a4859355555555573ad7fc777776bb7ca9bacadaab6ab9bbd95d5",
    b"5e8ffff8a74a786945155555557acf7fc777777bc79c99abbb9bc7abccce78f5",
    b"4e6edff7663b5859444445544568ad8cb6666569b6c8aabaac9a95ba9bbf86f6",
    b"4e7eedc8a64c7869444444444479cf9ec655655ba7aa9a9a9b9aa6aabb9d87f7",
    b"4f8effe8a64c576a454534444476bb9fd666666bb7cbabbbbcaba6ccbccf87f6",
    b"4f8ffee8d64c785a444444444479dd9fd565665bc7cbaccbbcbcb7cccbbf87f7",
    b"4f8dddd8663a576a444444454577bf8fc656666bb7ca8bacabcbb6abaaaf86f7",
    b"4f8ecef8b64c7869444444444479cf9de565556ba6a9bbaa9cb9a69ab9af86f7",
    b"2e8caaeabb4feac688999999992d86dba864775678bb67785d867898cc789ae8",
    b"3fadbadad70fbdbabcfccfcfeeba9cbddcdccabddcfeceddcbfabffedffcabff",
    b"699d7a868a8c98a2aaaaaaabab9e678aa4455768659757785b744377abaa9cc4",
    b"1d3cbab88b8dccbc99aabbcccdcda44aca88999b66cba9899d998aacdac98b7b",
    b"2e8bbd78663b496ababcdeedef65275b9787787897bb87787a8779995bb59ad6",
    b"265977a4544a69888aceabbc9936656778889786a7cbab8969969a9a7be546ab",
    b"3b8a7997964b6858a9bcbbbecf789cbb356556667568666648545678a9a68594",
    b"5f9ffff9998e888a99999a99999cde7ed8545875a5a7343b5b34357876acbbf7",
    b"2e8fddc7878b886866788888888b9b8dc4767477a45937848b5584aa65abaaf6",
    b"5b8fefd9878a897899999999998b79aec486737a468547827b5735a788bcaaf6",
    b"3b7fefc7666a6868888899999959996ca477528883aa58847b66768798cb99f5",
    b"3b7eeeb7676d68699aa9aaaaaa59898ca585465798c955486734496757caa9f5",
    b"3e8eeed8667e675b88878888778996adc487745793bb57538b5755c8b7aa99f6",
    b"3a7fefa7576c6757c9ababddda68988ba596727654b956457a446589988899f5",
    b"4b8dfec8787d777abb88cbbeed7ab88bb39772aaa3a9878479474688c8aabaf6",
    b"7daffffabaabab8aeac6deafbe8cae8fe6544555a9b845246a543a6c7c6edbf8",
    b"6eafefd8a79b778a788b79aabb9acc9bb46772877684678368837575978bb9f6",
    b"347fefc7576a6868a9aabbbabb48977b9486728684aa786779756687a89999f4",
    b"4d68efd8777c7878ca99ccdfed7a8b9ca4885358a39949847c854588a6aabaf6",
    b"4e6efec8888d7877aaabbcbdda799c8eb3577279a4b855743885749aa6bbbaf5",
    b"3b7fffd7787e7879cab8dcdede799a8da495346495a678647b933679c7aba9f6",
    b"5e9dffe99a8f998afcbeffefef9cbccec7655756b69654264c35546499cccbf7",
    b"6d8effb8789d898acaabcbbccd7aab7cc386738865b848845a354398a5aabaf6",
    b"457caec8779a6a6a998aaabaa989a9acb677878798a937768765518698979af5",
    b"3b7bffc6677d6979cabbeddfdf69898da496628694c776547c545668c6baa9f6",
    b"3b7eeec7776a7858caaccdddef59979ca696938854b8688558842598c598a9f4",
    b"3a8fffc7677d6769c9aacebfcf787a8cb497738933ca77946c4555a795baa9f5",
    b"6fbffffaeb98bb9c8794aa8b8bbdcdbfe6356477c4ca45384d333accabacedf9",
    b"6e6feef9888d8979a879898bbb8a997db277819993b986846a8778a998999af6",
    b"579ecfe9588a897aa9a9b8bdc979adadc387748942a978547a5379869a9babf6",
    b"4e7eecb7667b667857788889677888aca574846a759a75773a7339995796a8d5",
    b"2b6efec766695768b88abcddcc58998aa7778797a6a856553b5359a6899a88f4",
    b"6e7cbdf8878b778879749aabbb9abc9aa48661766499567669767776666aa7f5",
    b"4a5b6ac59a29a84b56888aabbb7cbcdc76855779969988787a56669aacb67477",
    b"4a5968757759a86689abffdeef9a77988755577887ba8848696464963b963688",
    b"3c6cbdd774173879ffffffffff759b889d7ddbecfafffddfdfd8dcefdff565db",
    b"38688896585a9676777776998a8997797778889a779989868d977a878bb54727",
    b"7cbddffa89af8cad78998aab99b8cfbed454554664975555485345567999b9f4",
];

/// Runs of four letters that stand in text far more often than their letters would, as parts of common words do, in three
/// classes, each with its share of all places in bits. Counted in 70 MB of packages' sources in Rust, JavaScript and Python.
const COMMON: [(&[u8], i32); 3] = [(MOST_COMMON, 11), (COMMONER, 13), (COMMON_ENOUGH, 14)];

#[rustfmt::skip]
const MOST_COMMON: &[u8] = b"\
    ableaddralueanceangearamargeasseatchatioattraturaultbackbindcallcaticloncodecompconfconscontcopycorecratctiodatadebudefa\
    deridgendowseatuebugefauequeerateriverroersiesouesuleturfaulfeatfileflagformfromhttpiflaimplindgindoinfoinpuinstinteions\
    iterjectlagslinelinklonelongmatcmentmplenamendgendownfignputnsafnstanteronfionstonteoperoptiormaoundourcparapathportprop\
    ptioquesrateratireadreprrequresoresureturgetringrivermatrrorructsafescriselfsertservsionsizesourspecsserstatstemstristru\
    sultsupesysttargtatetatiterntestthatthistimetiontrintructureturntypeuestuintunsauperurcevaluversvicewindwithworkypesyste";

#[rustfmt::skip]
const COMMONER: &[u8] = b"\
    acceacheackeactiaderalidalizallballoalseamazametamplanagandlansiapplarcharraarseartiatedatesaticatoratteatusauthazonbase\
    bjecblocboolbuffbuilbutebytecaaccachcasecastcateccescensceptcertcesschancharcheccificketclascliecloucluscollcommcondconn\
    councreacripcrypctedctorctypcumecurrcwstdatedatiddredefideledentdescdevidingdocsdocudresduleeadeeateecifeconecteectiecto\
    ecureferefinegiselseemenemptenabenceendeenerengtenseentaentientrentsenumequierenerfaeriaermiernaerneertiertyerveerviescr\
    eserespoessaessiestaeterethoetwoevelevenevicexamexpeexpoexprextefacefailfalsferefferffseficafielfigufiltfinefounfsetfunc\
    gategenegistgithgooggrouguidgurahandhanghapehashheadheckherehreahtmlialiibleibuticaticenidenieldientificifieightigurilde\
    ilitilteimagimitimpoindeindiinedingsinitinliintoionaiptiiredisteistritemithuitioivatkernkindkinglasslatelbaclderlectleme\
    lengletelicalicelicylienlimilistlitylizellballecllowloadlocalockloudlterluesmagemainmanamatimazombermessmetametemethmode\
    modumovempornablnagenctindatnderndexndinndlenectneranetwnextnforngthningnlinnnecnodenonensibnstrntatntenntexntrontrynull\
    numbobjeocatocumoduloffsogleointokenolicolleomplonalonlyonneonseontaontrooglopenotheountoutpoverovidpackpagepareparspart\
    pcwspdatpecipectpendperapertplatplicpoinpoliponspporprefpresprocprotprovquerquirrameramsrangransratoreamreatrectreferegi\
    remorencrentreserespressrfacrialriburiptriterityrnalrnelroperotorouproutrovirrayrrenrsiortiarustrverrvicryptsageschesent\
    serishapsiblsignsingsocksomespacspansponssagssiostacstanstarsterstorstresuppsynctabltacktaintanctarttasktatutemptendtent\
    teraterftermterstexttherthodthrethubtialtiestifitingtivetoketputtractrantreatribtruetterttpsttritworueryuffeuilduireumbe\
    umenunctundaunitupdauppouraturesurreuseduserusizutpuvaliventvidevisivoidwhenwherwillwordwrapwritwstrxampxporxtenyteszero";

#[rustfmt::skip]
const COMMON_ENOUGH: &[u8] = b"\
    abilaccoacitackaacroacteadataddiadonafteagemagesaginailaailsaineainsaleqaligalleallyalogalwaamesanchandmanneansmapacapis\
    appeappiaracarenargsarguariaarkeasonassiassoasynategatewatfoatinativattaaudiauseaustautoavaiaystbersbilibitfbitsbledbles\
    blicbodybondbounbrpobtrfbuckbuticapaccepccouchedchemcheschinchkschorchunciatciescityckagckedcleacloscludcoloconvcopecord\
    credcretcribcstrcterctivcturcuricustdencdepedersdesedestdetadevcdfordialdicadictdiffdiredisadiscdispdistditidmesdoesdoma\
    donldowndpoieaaeeacheadoeapiearceaseeasoecksecloecorecreectsecutediaefixeforegexegioegmeeldselecelemeletembeemovemplenam\
    encoencrendiendpensienteeouteparepeneplaepreeproeptieralerdeeredereserguericerineroeervaesenesetesolestiestrestsetadetai\
    etheetimetrietteettietupetypevcoeverewayexceexecexhaexisextrfactfffffiedfierfindfinifirsfloaflowfollforefreefronfterfull\
    gaaggemegetsggerggggginaginggiongiveglecglobgmengnedgnorgrapgresgstrguargumehannharaharehaushavehayshelphemahichhinghksu\
    horthosthoulhreshunkiaaiialeiantiateicalicesicodidatideridthiginignaigneignoilabiledilesimeoimesinalinatinclinesinglinin\
    inneinseinsoinuxinvaioctioniioriireciresirstisabisioisitissiistiitfiitiaitoriverizatizedjoinjsonkagekenskeysknowksumlabl\
    lacelanglastlatflatileanleaslecllesslettlevelhttlidalignlinglinulitellhtlloclookloweludelustlwaymaammacrmallmandmarkmask\
    medimembmemomestmetrmissmmanmodimoremounmplamponmptymultmustmutenatincesnchoncluncodnconncryndarndefndenndisnditndmendpo\
    neednentnerinevengedngesngleniconionnitinitynnelnnernorenotenotinownnsernsionsitnsmunsocnspentaintegntiantifntimntinntit\
    ntrinumenvalnvernwraocalocesociaockeocoloctlodelodifoducofilojecoleaolloolorolumomaiomatommaompaompoondionenonsoonveoole\
    oragordeoredorigorinoritorkiorksorreorteortsositotifotocoudfouldouteowerowneowsapacepacipasspattpcstpeerpermpingplacplay\
    plempletponepoolposipostppinpplipproprecprevprinprivprodprofprojpublpushquenqueuquotracerackractrageraitraphrderreacreas\
    recerecoredirefiregerelereplreporestretrrevirguirgumrianriberiesrighrigirintrivarkerrkinrminrnedroceroduroedrofirojerole\
    rollrontrootropsrorsrounrporrserrtedrtieruleruntrvedsablsagisandscalscopsearsecosecusegmselesendserdsesssetssettsetushar\
    shorshousitislicsmitsmutsocisoftsolvssinssocstabstalstamstedsticstinstivstomstopstrastrystylsubssureswortachtadatagstail\
    talltamptatstchetcontecttemstenstewatfietforthanthenthinticatitytocotomatoratoretorytraitrattreetrfstrictrietrigtroltsta\
    ttacttinttrstualtyleubliuckeuctuudfouditueueuginuideulesulonultiultsumerundeunicuniounspuntiunwruriturneurnsusinusteusti\
    ustouterutesutilutinutioutomvailvarivatevativconverivertveryviewvlanvxlawaitwarewayswhicwidtwinswnerwsanxcepxecuxhauxist\
    xlanxpecxprexteryourystazati";

/// How often `bytes` stand in a text, as a share of all places, roughly: a chain of how likely each byte is after the last, but
/// at least what is known of a run of four letters. What is longer is as rare as the rarest four bytes in it.
pub(crate) fn share(bytes: &[u8]) -> f64 {
    if bytes.len() > 4 {
        return bytes.windows(4).map(share).fold(1.0, f64::min);
    }
    common(bytes)
        .map_or(0.0, |bits| 2.0_f64.powi(-bits))
        .max(chain(bytes))
}

/// The share of a common run of four letters, in bits.
fn common(bytes: &[u8]) -> Option<i32> {
    let mut folded = *bytes.first_chunk::<4>()?;
    folded.make_ascii_lowercase();
    let mut classes = COMMON.iter();
    let class = classes.find(|(runs, _)| runs.as_chunks::<4>().0.binary_search(&folded).is_ok());
    class.map(|(_, bits)| *bits)
}

fn chain(bytes: &[u8]) -> f64 {
    let mut bits = 0;
    let mut row = 0;
    for &byte in bytes {
        bits += surprise(row, symbol(byte));
        row = symbol(byte) + 1;
    }
    2.0_f64.powi(-bits)
}

/// How often the two bytes of these symbols stand side by side, as a share of all places.
pub(crate) fn share_of_pair(first: usize, second: usize) -> f64 {
    2.0_f64.powi(-surprise(0, first) - surprise(first + 1, second))
}

fn surprise(row: usize, symbol: usize) -> i32 {
    match SURPRISE[row][symbol] {
        digit @ b'0'..=b'9' => i32::from(digit - b'0'),
        digit => i32::from(digit - b'a') + 10,
    }
}

/// A byte's row and column: what is left of it when case is folded, as the anchors' pass does.
pub(crate) const fn symbol(byte: u8) -> usize {
    let folded = byte | 0x20;
    ((folded & 0x1f) | ((folded & 0x40) >> 1)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_are_more_common_than_others() {
        assert!(share(b"type") > 10.0 * share(b"udfl"));
        assert!(share(b"the ") > 100.0 * share(b"xq7z"));
        assert!((share(b"KEY") - share(b"key")).abs() < f64::EPSILON);
    }
}
