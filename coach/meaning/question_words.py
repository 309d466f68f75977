"""Closed word classes and fixed phrases of English that decide whether a sentence is a question; see `questions.py`."""

from __future__ import annotations

from coach.meaning.tokens import word_set

Words = tuple[str, ...]

BE = word_set("is are was were am")
HAVE = word_set("have has had")
AUXILIARIES = BE | HAVE | word_set("do does did can could will would shall should may might")
WH = word_set("what when where who whom whose why how which")
PRONOUNS = word_set("you he she it they we there")
DETERMINERS = word_set("that this those these your his her their our the my any anyone anybody yours theirs hers")
SUBJECTS = PRONOUNS | DETERMINERS
OPENERS = word_set(
    "so and but well okay ok oh then now hey um uh er right yeah yes no because or anyway hmm mm like just sorry wait "
    "also actually seriously honestly really ah look listen mhm yep yup good great cool alright sure fine exactly"
)
REPORTING = word_set("said says asked asks saying asking goes")  # verbs that introduce a reported question
THINKING = word_set("thought thinking")  # these introduce the speaker's own, unless it contains "you"
EMBEDDING = word_set(
    "know wonder wondered wondering said says ask asked tell told see sure idea of about than as to so nor neither i"
)
INVERTS = word_set("so neither nor than as only never")  # "so did she" is inverted but not a question
VERB_AND_OBJECT = frozenset({("have", "it"), ("had", "it"), ("do", "this"), ("do", "that"), ("do", "it")})  # an object
NOT_BEFORE_TAG = INVERTS | WH | SUBJECTS | AUXILIARIES | {"i", "to"}
OFFERS = word_set("should shall can may could")  # these ask even before "I": "should I bring wine"
ELLIPTIC = frozenset(
    tuple(phrase.split())
    for phrase in (
        "why", "why not", "how so", "how come", "since when", "where to", "what for", "like what", "which one",
        "and you", "and yours", "who with", "for how long",
    )
)  # fmt: skip
PHATIC_TAGS = (
    ("you", "know"),
    ("you", "know", "what", "i", "mean"),
    ("know", "what", "i", "mean"),
    ("you", "see"),
)
CHECKS = word_set("right okay ok yeah eh huh")  # tags that ask only if the other person knows the answer
RHETORICAL = tuple(
    tuple(phrase.split())
    for phrase in (
        "who cares", "who knows", "god knows", "what is the point", "what is the use", "how dare",
        "who would do", "who would have thought", "who would think", "who would say", "why would anyone",
        "why would anybody", "how could anyone", "how could anybody", "how could he", "how could she", "how could they",
        "do you know what i", "do you know what he", "do you know what she", "do you know what they",
        "do you know what we", "you know what i", "you know what he", "you know what she", "you know what they",
        "you know what we",
    )
)  # fmt: skip
RHETORICAL_ALONE = ("what", "can", "you", "do")  # only at the end: "what can you do with it" asks
SUBJECT_VERBS = word_set(
    "happened happens made makes told gave brought brings changed helped helps stopped keeps kept took came won started"
)  # "what happened", "who told you": the question word is the subject
INDIRECT = tuple(
    tuple(phrase.split())
    for phrase in (
        "i wonder", "i am wondering", "i was wondering", "i am curious", "i was curious", "i would like to know",
        "i would love to know", "i would like to hear", "i would love to hear", "i want to know", "i want to hear",
        "i would be interested", "i am interested",
    )
)  # fmt: skip
SUBORDINATORS = WH | {"if", "whether", "about", "to", "in"}
SUGGESTIONS: tuple[Words, ...] = (
    ("have", "you", "tried"),
    ("have", "you", "ever", "tried"),
    ("have", "you", "considered"),
    ("did", "you", "try"),
    ("why", "do", "not", "you"),
    ("why", "not", "just"),
    ("could", "you", "try"),
    ("could", "not", "you", "just"),
    ("what", "about", "trying"),
    ("how", "about", "trying"),
)
ANSWERS = word_set("yes no yeah nope because never nothing nobody")
