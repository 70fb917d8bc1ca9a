"""Everyday words by what they do in a sentence."""


def set_of(words):
    """Return the words of a text as a set."""
    return frozenset(words.split())


# Words that come and go inside a topic's wording: 'lost a leg', 'lost my leg', 'have lost my leg'.
LOOSE = set_of(
    "a an the my your his her our their its very really so too quite just been some such have has had recently"
)
# Words inside a place's name: they may join two words of it, and never begin or end it.
JOINS = set_of("upon on of the de la le les en sur under in by and du des lès")
NEGATIONS = set_of(
    """no not without isnt arent except dont wont never non pas sans sauf cant couldnt doesnt didnt wouldnt avoid
    avoiding hate hates"""
)

# What is looked for here in any case, and when: no words to look for, even where nothing else is said.
_KIND_OF_THING = [
    *("self help", "peer support", "peer to peer support", "peer to peer", "mutual aid", "mutual support"),
    *("groupe de parole", "groupes de parole"),
    *("fortnightly", "every fortnight", "once a fortnight", "weekly", "every week", "once a week", "twice a week"),
    *("every other week", "every second week", "every two weeks", "every 2 weeks", "biweekly", "bi weekly"),
    *("monthly", "every month", "once a month", "twice a month", "every other month"),
    *("anywhere", "everywhere", "nationwide", "nation wide", "countrywide", "country wide", "all over the country"),
    *("anywhere in the country", "any area", "any place", "partout"),
    *("this week", "next week", "this month", "next month", "cette semaine", "la semaine prochaine"),
]
# What a searching sentence is made of, and what carries nothing: taken out wherever it stands.
_FILLERS = [
    *("i am looking for", "im looking for", "looking for", "i need", "i want", "i would like", "id like", "i want to"),
    *("is there a", "is there any", "is there an", "is there", "are there any", "are there", "can you find", "find me"),
    *("show me", "i live", "we live", "we are", "i am", "would like to meet", "want to meet", "like to meet", "do you"),
    *("where can i find", "where can i go", "where can i", "please help me", "please help", "help me", "help with"),
    *("support with", "support for", "help for", "a group for", "group for", "groups for", "group about", "something"),
    *(
        "anyone",
        "anything",
        "someone to talk to",
        "people like me",
        "je cherche",
        "je voudrais",
        "est ce que",
        "y a t il",
    ),
    *("somebody who", "someone who", "somebody with", "someone with", "people with", "a person with", "anybody"),
    *("suffering with", "suffering from", "suffers from", "suffers with", "suffer from", "suffer with"),
    *("struggling with", "struggles with", "struggle with", "dealing with", "diagnosed with", "needing"),
    *("newly diagnosed", "recently diagnosed", "just diagnosed", "referral for", "a referral for"),
    *("service user", "service users", "my client", "my patient", "client needs", "patient needs", "who needs"),
    *("needs help with", "needs support with", "needs help", "needs support", "needs some", "needs a"),
    *("every day", "any day", "any time", "anytime"),
    *("please", "thanks", "thank you", "hello", "hi", "bonjour", "merci"),
]


def by_first(phrases):
    """Return phrases as tuples of words, the longest first, by their first word."""
    found = {}
    for phrase in sorted((tuple(each.split()) for each in phrases), key=len, reverse=True):
        found.setdefault(phrase[0], []).append(phrase)
    return found


# These only where nothing else is said: in 'Friends' Meeting House' they are part of a name.
_KIND_ALONE = [
    *("support group", "support groups", "peer group", "peer groups", "group", "groups", "meeting", "meetings"),
    *("groupe", "groupes", "entraide"),
]
KIND_OF_THING_BY_FIRST = by_first([*_KIND_OF_THING, *_KIND_ALONE])
FILLERS_BY_FIRST = by_first([*_FILLERS, *_KIND_OF_THING])
# These go at the edges of what is left; between two words of a name they stay ('puffers and blowers').
EDGES = set_of(
    """l d j m n s t c qu help just diagnosed whats venue needed required avoid avoiding anywhere everywhere newly
    client clients patient patients somebody"""
) | set_of(
    """a about after all also am an and any are around as at au aux avec be been but by can club clubs dans de des
    do du elle en entraide est et every for from get group groupe groupes groups has here have he her him his i id
    il im in into is it its ive je la le les local ma me meet meeting meetings meets mes mon my near nearby not of
    on only or other others our ou par people pour qui regular she since so some someone sur support supports than
    that the their them then there these they this to too un une up us was we were what when where which who will
    with within would you your"""
)
# And these too, in a sentence about oneself.
SENTENCE = set_of(
    """able about after again all always am and anyone anything are be because been but can cannot cant could day days
    didnt do doctor does doesnt done dont each ever every feel feeling feels find for friendly from get gets getting
    go going good got group groups had has have having he help her him his how i id if im in is it its ive just keep
    know last let like live lives living lot make many me meet meeting meetings month months more much my need needs
    never new no not now of on one or other others our out people really said say says she so some someone something
    start started still stop support talk tell than that the them then there they thing things think this time to
    told too try trying up us use very want wanted wants was we week weeks well were what when where who will with
    without wont would wouldnt year years you your"""
)
PRONOUNS = set_of("i im ive id my we our me")
# The same in French. Those that no English sentence needs go with the English ones, the others in a French sentence.
FRENCH_HELPERS = set_of(
    """ai aimerais aller arrive arrives arriver au aucun aucune aussi aux avec avez avoir avons besoin bien ce cela ces
    cette chez comme comment cherche dans depuis des deux dire dois du elle elles encore es est et etais etait ete
    etes etre faire fais fait fils il ils jamais je la le les leur leurs ma mais mes mieux mon n ne ni nos notre
    nous ont ou peu peut peux pourquoi quand que quelqu quelque qui quoi sa sens ses sommes sont suis sur ta te tes
    tous tout toute toutes tres trop tu une veut veux voudrais vraiment vous y"""
)
SENTENCE |= FRENCH_HELPERS
FRENCH_PRONOUNS = set_of("je j mon mes moi nous notre nos ma")
FRENCH_SENTENCE = SENTENCE | set_of(
    """a as avant c ca d de en fille j l leur m me moi on pas plus pour s sans se sent sentir soi son t toi ton un"""
)
