"""A small site to search: a few sections of a few articles, with the lay words that lead to them."""

from siweb.articles.search.index import Index, Section

# A small site: address, title, heading, text. Keywords stand with the articles below.
SECTIONS = [
    (
        "/anatomy/",
        "Your sacroiliac joint",
        "",
        "Where the bottom of your spine meets your hip bone, on each side.",
    ),
    ("/anatomy/#dimples", "Your sacroiliac joint", "Where it is", "Two dimples above the buttock mark it."),
    (
        "/anatomy/#moves",
        "Your sacroiliac joint",
        "How much it moves",
        "A few degrees. It cannot slip out of place.",
    ),
    (
        "/anatomy/#ligaments",
        "Your sacroiliac joint",
        "Ligaments",
        "Strong ligaments hold the bones of the pelvis.",
    ),
    (
        "/causes/",
        "Causes and symptoms",
        "",
        "Pain on one side of the buttock is common. So is pain above it.",
    ),
    ("/causes/#worse", "Causes and symptoms", "What makes it worse", "Sitting long, or turning over in bed."),
    ("/causes/#wear", "Causes and symptoms", "Osteoarthritis", "Joints change gradually with age."),
    ("/causes/#inflamed", "Causes and symptoms", "Sacroiliitis", "Inflammation of the joint: sacroiliitis."),
    (
        "/causes/#spa",
        "Causes and symptoms",
        "Axial spondyloarthritis",
        "A disease of the spine. HLA-B27 is a marker.",
    ),
    ("/mimics/", "What else it could be", "", "The back and the hip can hurt in the same place."),
    (
        "/mimics/#sciatica",
        "What else it could be",
        "Sciatica",
        "Leg pain from a nerve that a disc presses on.",
    ),
    ("/mimics/#cauda", "What else it could be", "Cauda equina syndrome", "An emergency: call 999."),
    ("/imaging/", "Scans and X-rays", "", "Pictures help, and they can mislead."),
    ("/imaging/#mri", "Scans and X-rays", "MRI", "A scan that uses magnets, without radiation."),
    (
        "/imaging/#guided",
        "Scans and X-rays",
        "Fluoroscopy",
        "Live X-ray pictures steer the needle. Fluoroscopy.",
    ),
    ("/imaging/#sound", "Scans and X-rays", "Ultrasound", "Pictures from sound waves. Ultrasound has none."),
    ("/injection/", "Types of injection", "", "A corticosteroid injection with local anaesthetic."),
    ("/injection/#steroid", "Types of injection", "The corticosteroid", "Cortisone lasts weeks to months."),
    (
        "/injection/#numb",
        "Types of injection",
        "The local anaesthetic",
        "An anaesthetic numbs for some hours.",
    ),
    ("/before/", "Before you come", "", "What to tell us before the injection."),
    ("/before/#thinners", "Before you come", "Blood", "An anticoagulant such as warfarin or apixaban."),
    ("/before/#sugar", "Before you come", "Diabetes", "With diabetes, sugar rises for some days."),
    (
        "/after/",
        "After your injection",
        "",
        "Rest today. Your leg may feel numb for hours after the injection.",
    ),
    (
        "/after/#driving",
        "After your injection",
        "Driving",
        "Do not drive yourself home until you hear from us.",
    ),
    (
        "/after/#flare",
        "After your injection",
        "Steroid flare",
        "More pain for two days. Facial flushing passes.",
    ),
    ("/after/#physio", "After your injection", "Physiotherapy", "Physiotherapy is easier with less pain."),
    ("/next/", "Next steps", "", "Heat on small nerves, radiofrequency, is one choice. Fusion is surgery."),
    ("/emergency/", "When to call for help", "", "Signs that need help now."),
]
KEYWORDS = {
    "/after/": "aftercare, going home, at home",
    "/next/": "what now, at home",
    "/mimics/": "sciatica",
}
SYNONYMS = {
    "bum": ["buttock"],
    "jab": ["injection"],
    "jab in back": ["injection"],
    "back injection": ["corticosteroid injection"],
    "si joint": ["sacroiliac joint"],
    "sij": ["sacroiliac joint"],
    "sacral iliac": ["sacroiliac"],
    "sacraliliac": ["sacroiliac"],
    "wear and tear": ["osteoarthritis"],
    "as": ["axial spondyloarthritis"],
    "ank spond": ["axial spondyloarthritis"],
    "siatica": ["sciatica"],
    "trapped nerve": ["sciatica"],
    "horse's tail": ["cauda equina"],
    "cortizone": ["corticosteroid", "cortisone"],
    "lignocaine": ["local anaesthetic"],
    "anesthetic": ["local anaesthetic"],
    "numb leg after injection": ["numb leg"],
    "x-ray guided": ["fluoroscopy"],
    "c-arm": ["fluoroscopy"],
    "sonogram": ["ultrasound"],
    "cat scan": ["scan"],
    "blood thinners": ["anticoagulant", "antiplatelet"],
    "flare up": ["steroid flare"],
    "red face": ["facial flushing"],
    "physio": ["physiotherapy"],
    "rhizotomy": ["radiofrequency"],
    "burning nerves": ["radiofrequency"],
    "hip popped out": ["slip out of place"],
    "pelvis out": ["slip out of place"],
    "can't sit for long": ["sitting long"],
    "can i drive after injection": ["driving"],
    "in the joint": ["intra-articular"],
}


def section(url, title="Title", heading="", text="", kind="topic", keywords=""):
    return Section(url, title, heading, text, kind, keywords)


def site():
    return [
        section(url, title, heading, text, keywords=KEYWORDS.get(url.partition("#")[0], ""))
        for url, title, heading, text in SECTIONS
    ]


SITE = Index(site(), SYNONYMS)


def urls(query, index=SITE, limit=20):
    return [result.url for result in index.search(query, limit).results]


def extract(text, query):
    return Index([section("/a/", text=text)], {}).search(query).results[0].extract
