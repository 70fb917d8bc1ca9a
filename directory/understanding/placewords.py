"""Words that stand before a place, inside its name, or only look like one."""

from directory.understanding.words import by_first, set_of

# Before a place. The first few can hardly stand before anything else.
NEAR_WORDS = frozenset(
    tuple(each.split("_"))
    for each in set_of("close_to near_to next_to pres_de autour_de live_in living_in based_in near nearby around")
)
IN_WORDS = set_of("in at from")
PLACE_AFTER = IN_WORDS | {words[0] for words in NEAR_WORDS} | {"a"}
# These say in which part of a place, and are no place by themselves.
DIRECTIONS = set_of(
    """north south east west northeast northwest southeast southwest northern southern eastern western central inner
    outer greater mid"""
)
# Between two places.
OR_WORDS = set_of("or and ou et")
_NEAR_ME = [
    *("near me", "nearby me", "near by me", "close to me", "around me", "near here", "around here", "close to here"),
    *("near where i live", "close to where i live", "near my home", "near my house", "close to home", "near home"),
    *("in my area", "in my town", "in my local area", "where i live", "pres de moi", "pres de chez moi"),
    *("autour de moi", "round here", "round my way", "round me", "by me", "my local area", "anything local"),
    *("in my neighbourhood", "in my village", "in my city", "in my county"),
]
# These mean the same only where no place is named: 'Leeds and nearby'.
_NEAR_ME_ALONE = [
    *("nearby", "near by", "close by", "nearest", "closest", "locally", "in the area", "in this area"),
    *("walking distance", "within walking distance", "in walking distance"),
]
NEAR_ME_BY_FIRST, NEAR_ME_ALONE_BY_FIRST = by_first(_NEAR_ME), by_first(_NEAR_ME_ALONE)
# In the field for a place these say the same.
HERE = frozenset(
    tuple(each.split())
    for each in (
        *(
            "me",
            "here",
            "home",
            "my area",
            "my home",
            "my house",
            "my town",
            "my work",
            "where i live",
            "moi",
            "ici",
            "local",
        ),
    )
)
# These stand as ordinary words far more often than for the hamlet, ward or French village of that name.
ORDINARY = set_of(
    """a abbey about after aid all alone an angoisse anna any arrow art as ash at aux away bank banks bar bare barn
    bas beach beacon beam beaux best betting bird birch black blond board boot box boys bras bread bridge bride
    bring bunny bus busy by cafe came camp can canal cannes car care carers cars castle central centre chalk champ
    champs change charge chat cheap cher choice choir church ciel city class club coffee college coming common
    company contact core corps council country county course court cove crew crick cross crown cuts dance day deal
    deuil die digne don done dove drink dry duns eagle ease east eating eight end eye face faith family far fear
    feel ferns ferry fille fin fine five fleet flint font food football for force ford forest four free
    friend friends fun game gap garden gare gas gate geste girls give goes going good grain grand grange great green
    grief group groups grove guide gym hall ham hand hands hard haven hay head health heart heath heavy help here
    heron hill hire hold hole home hook hospital hot house how hub hurst ile in is it jardin job joue journey joy
    kill kind knock lack lake land lane late law lay lea lent library lift ligne lime line link lire little live
    living loans local lodge lone long look loss love low lunch main male manor many march mark market marsh mary me
    mead meet meeting men mens mental mer messy mill mind mine money montagne moor more moss mount moyen music name
    need nest new nice night no north nose nouvelle now of off old on one oral out over pace pain pants par parent
    parents park pass passage peace peel people phoenix pier pill place plaine plaisir plan play plus point pont
    pool port post power precieux priory prison promise pure quarante rage rain reach read red rest ridge right ring
    river road roads roche rock rode role roman room rose rouge round rue run rush sable saint sale same sand sandy
    saint saron school scone sea seat see sees send sens sense set shared shaw shed sick side six skin sleep small
    so soft solo son sore sort south spa space spring square stable standard star start station steep steps still
    stock stone stow street stress strong summer sun support swale sway talk tea team ten test that the their there
    they time tin to together tong top tower town trim troop trust turn two ty undy union university up us vale
    valley van vers vert victoria vieux view vif village ville voices voisins vue walk wall want war ward ware warm
    water way we well wells west western where white who why wine wing winter wish with woman women wood wool work
    workshop world worth young your youth"""
)
# Towns that people do look for, and words all the same. Alone in small letters they are words.
AMBIGUOUS = set_of(
    """bath battle barry beer borders bow bury cork crook deal die diss dove eye fleet flint hale hart hook hope lee
    lens looe lord march mold nelson nice over rake reading rugby rye sale sandwich send settle street ware wells wing
    worth"""
)
# As often a word, a first name or somewhere far away: these need a sign, or a capital letter inside a sentence.
NEED_A_SIGN = set_of(
    """albert alexandria andreas antony apt barbican barra berkeley bethesda bir blair boyle brandon bream brill
    broadway brooke bugle bully camber cardigan charing cheddar chum churchill clara clayton clifford clones
    coates combs connor convoy cooling coven croft crosby cults currie dale dalton denny dole dollar downside
    errol flee forth freshwater gif gotham harley healing hem hermitage hilton houston hurley juan keith
    kingsley leon leslie locking logan melbourne melrose mere moira nash noisy norton odell opera orange pant
    patrick plains poplar prosperous ramsey romans saline salon sedan sharpness shelley silverstone sin stains
    trinity tumble virginia warden waterloo westwood whitehead wick winston woodstock"""
)
# Of these, whoever types nothing else hardly means the village.
WORDS_FIRST = set_of("beer crook die diss dove eye hook hope lee lord march nelson over rake send settle wing")
# What stands after the name of a building: 'St Mark's Church Hall' is no ward of St Mark's.
BUILDINGS = set_of(
    """abbey building cafe cathedral centre chapel church club college gardens hall hospital house hub inn library
    lodge mosque park pub room rooms school square street surgery synagogue temple theatre tower yard road lane
    avenue place"""
)
NATIONS = set_of("wales england scotland ireland uk france northern")
