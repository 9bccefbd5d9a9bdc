/**
 * The small words by which a language is known: data, by script, about thirty a language. Words of two languages vote
 * for both; it is the sum over a line that tells them apart.
 */
export type VotedScript = "latin" | "cyrillic" | "arabic" | "devanagari";

export const STOP_WORDS: Readonly<Record<VotedScript, Readonly<Record<string, string>>>> = {
  latin: {
    cs: "a se v na je že o s z do i to k ve pro za by ale si po jako podle od jsou jeho které který nebo byl však",
    da: "og i at det en til er som på de af for med den der et har ikke var fra sig ved kan efter blev mellem meget også",
    de: "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer",
    en: "the of and to in a is that for it as was with be by on not are this from or have an which were at but has their can we been will its",
    es: "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha entre cuando muy sin sobre",
    fi: "ja on ei se että oli hän mutta ovat joka tai kuin myös niin sen sekä jos voi hänen ole tämä vain olla mukaan kun",
    fr: "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec ou aux cette ces été",
    hu: "a az és hogy nem is egy ez volt de meg csak már mint vagy még ki kell el azt minden ha lehet szerint után azonban amely",
    id: "yang dan di dengan untuk pada ini dari itu dalam tidak adalah akan ke atau oleh sebagai juga telah karena dapat bahwa ada mereka",
    it: "di e il la che in un a per è del non una i le si con da come dei nel alla più anche al della sono gli ha o",
    la: "et in est non ad ut cum sed quod esse per ac enim aut ex si quae qui ab hoc nec vel atque quam sit ea de eius sunt",
    nb: "og i det på som er en til av for at med de den et har ikke var fra ved kan etter ble om mellom så mye også eller seg hvis",
    nl: "de van het een en in is dat op te zijn met voor niet aan er om ook als door bij maar naar uit nog wordt werd tot deze worden over",
    pl: "i w na z do nie się że jest to o a od po za jak przez dla oraz ze przy lub ale być może są tym jego który które przed",
    pt: "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao das foi à ou pelo são sua pela",
    ro: "de și în a la cu pe din care nu o un se este pentru mai sau ca prin fi au lui fost sunt cel dar după ce este între",
    sv: "och i att det en som på är av för med den till inte om ett har de var från vid kan efter så eller blev mellan mycket också sig",
    tr: "ve bir bu da de için ile olarak olan çok daha gibi en ne kadar sonra ancak ya göre her tarafından veya ise olduğu değil",
    vi: "và của là các có cho không được trong một với những đã này để khi người từ về như ở cũng tại theo đến",
  },
  cyrillic: {
    bg: "и на в да за се от е с не по са че като това ще към или при до са беше които който между след както",
    ru: "и в не на что с по как это из для от или он к а то его за при но же все так о был также которые между после",
    sr: "и у је да се на за од са су не као то који или а што би из до као ће али након између која",
    uk: "і в не на що з та до як це для від або він у за при але його про є також які між після було та й",
  },
  arabic: {
    ar: "في من على إلى أن التي الذي عن مع هذا هذه ما لا كان بين بعد كل أو قد لم ذلك هو هي",
    fa: "و در به از که این را با است برای آن یک خود تا کرد بر هم نیز شده می های شود بود دارد",
    ur: "کے کی میں ہے اور کا سے کو اس پر نے یہ کہ ہیں بھی ایک تھا جو نہیں کر وہ گیا",
  },
  devanagari: {
    hi: "के में की है और से का को पर इस यह कि एक लिए हैं ने भी नहीं था जो कर हो",
    mr: "आणि आहे या ते च्या हे एक व होते होता करून आहेत नाही तर त्या झाले केले",
    ne: "र छ को मा ले पनि यो हो गरेको थियो भएको छन् लागि गर्न अनि",
  },
};
