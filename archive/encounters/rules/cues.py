"""The words that decide, in tables: what shows a presence, and what rules one out.

Patterns are over masked text (see `passages`): P is a person, V a venue. Presence is an open list, as there is no end of
ways to be somewhere; exclusions are closed lists, as what excludes must be certain. Each table says why it is there.
"""

from __future__ import annotations

import re

P = r"ᴘ\d+"
V = r"ᴠ\d+"
#: A person or what stands for one as the subject of a clause.
SUBJECT = rf"(?:{P}|he|she|they|it|who|I|we|the (?:pair|couple|two|three|four|latter|trio|former))"
#: Some people in a row: "ᴘ1, ᴘ2 and ᴘ3".
LIST = rf"{P}(?:(?:, and |, | and | & |,? along with |,? with |, the [\w' -]{{1,40}}, ){P})*"


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts), re.IGNORECASE)


# -- tense ---------------------------------------------------------------------------------------------------------

#: Irregular past forms; regular ones end in -ed. A past clause tells of an occasion, a present one of a state.
_PAST_WORDS = [
    "was",
    "were",
    "had",
    "did",
    "went",
    "came",
    "met",
    "sat",
    "stood",
    "ran",
    "rose",
    "took",
    "gave",
    "made",
    "said",
    "told",
    "saw",
    "heard",
    "led",
    "left",
    "let",
    "brought",
    "bought",
    "caught",
    "taught",
    "thought",
    "sought",
    "fought",
    "sang",
    "drank",
    "began",
    "swam",
    "rang",
    "spoke",
    "broke",
    "chose",
    "drove",
    "rode",
    "wrote",
    "froze",
    "woke",
    "wore",
    "tore",
    "shook",
    "held",
    "kept",
    "slept",
    "swept",
    "felt",
    "dealt",
    "knelt",
    "built",
    "sent",
    "spent",
    "lent",
    "lost",
    "shot",
    "got",
    "won",
    "hung",
    "stuck",
    "struck",
    "dug",
    "drew",
    "flew",
    "grew",
    "knew",
    "threw",
    "blew",
    "fell",
    "found",
    "bound",
    "wound",
    "laid",
    "paid",
    "put",
    "cut",
    "set",
    "hit",
    "shut",
    "read",
    "beat",
    "fed",
    "bled",
    "fled",
    "sped",
    "slid",
    "hid",
    "bit",
    "lit",
    "ate",
    "forgave",
    "forgot",
    "became",
    "overcame",
    "withdrew",
    "undertook",
    "oversaw",
    "hosted",
    "shared",
    "danced",
    "dined",
    "stole",
    "swore",
    "bore",
    "stuck",
    "slunk",
    "crept",
    "leapt",
    "leaped",
    "dreamt",
    "burst",
    "cast",
    "cost",
    "hurt",
    "quit",
    "split",
    "spread",
    "thrust",
    "bet",
    "rid",
    "wed",
    "undid",
    "bowled",
    "sprang",
    "sank",
    "shone",
]
PAST = re.compile(
    rf"\b(?:{'|'.join(sorted(set(_PAST_WORDS)))}|(?!(?:need|seed|speed|bleed|breed|feed|indeed|hundred|sacred|naked|"
    r"wicked|rugged|beloved|alleged|former|united|red|bed|led|embed|shed|sled|ted|ned|fred|unnamed|so-called|retired|"
    r"aged|celebrated|noted|renowned)\b)[a-z]{2,}ed)\b"
)
#: A verb in any tense, to tell a clause from a list.
VERB = re.compile(
    rf"{PAST.pattern}|\b(?:is|are|am|has|have|does|do|will|would|can|could|may|might|must|shall|should|says|say|"
    r"tells|plays|arrives?|receives?|poses?|attends?|meets?|joins?|looks?|makes?|takes?|stands?|sits?|holds?|wears?)\b"
)
PRESENT_PERFECT = re.compile(
    r"\b(?:has|have|hasn't|haven't)(?: (?:never|not|since|both|all|also|already|just|long|now|once))* \w+(?:ed|en|wn|ne|t|d|n|g|m|k)\b"
)
PAST_PERFECT = re.compile(
    r"\b(?:had|'d)(?: (?:never|not|both|all|also|already|just|once|last|first|earlier|previously|briefly))* (?:been|met|\w+(?:ed|en|wn|ne|t|d|n|g|m|k))\b"
)

# -- exclusions ----------------------------------------------------------------------------------------------------

#: Lists of names that are no guest lists; comparison and kinship between clauses' subjects. -> mentioned
LISTING = _any(
    r"\b(?:possible|likely|potential|other|past|previous|earlier|former|recent) (?:\w+ )?(?:successors?|candidates?|winners?|recipients?|holders?|owners?|laureates|names|contenders|governors|presidents|directors|nominees|contestants)\b",
    r"\b(?:successors|candidates|winners|contenders|recipients|nominees|laureates) (?:include|included|are|were)\b",
    r"\bnames? (?:floated|mentioned|one hears|being|most often|in the frame)\b",
    r"\b(?:shortlist|biggest influences|executive producers?|have all declared|leadership race|bookmakers?|oddsmakers)\b",
    r"\bshares? (?:a birthday|the same|an agent|a surname|a name|a name with)\b",
    r"\b(?:is|are|was|were) (?:a |the )?(?:\w+ )?(?:cousins?|nephews?|nieces?|brothers?|sisters?|sons?|daughters?|grandsons?|granddaughters?|descendants?|namesakes?|rivals?|contemporar(?:y|ies)|compatriots?|successors?|predecessors?|colleagues?|admirers?|fans?) (?:of|to)\b",
    r"\b(?:are|were) (?:\w+ )?(?:cousins|brothers|sisters|rivals|classmates|contemporaries|neighbours|neighbors|namesakes|twins|siblings|first cousins)\b",
    r"\b(?:compared|likened|comparisons?|reminded|reminds|reminiscent|resembles?|look-?alike|mistaken for|no relation|unrelated|namesake|named (?:after|for)|owes something|outshone|overshadowed)\b",
    r"\b(?:youngest|oldest|first|best|finest|greatest|highest) (?:\w+ ){0,4}since\b",
    r"\b(?:survived by|is survived|leaves a|the role (?:was )?(?:originally|once)|based on (?:the|a) (?:novel|book|play|life)|from a script|repped by|represented by (?:the )?(?:agent|agency)|in the footsteps)\b",
    r"\b(?:ahead of|behind) ᴘ\d+(?: and ᴘ\d+)? (?:in|as|for)|by (?:\w+ )?points\b|per ?cent\b",
    r"\b(?:spoken of as|tipped (?:to|as)|favou?rite|succeeds?|succeeded|succeeding|replaces?|replacing|replaced|took over from|takes over from|(?:was|is|as) (?:his|her|\S+'s) predecessor|a former \w+ of|old captain|inherited)\b",
    r"\b(?:portraits?|paintings?|busts?|statues?|plaques?|photographs?) of ᴘ\d+ (?:by|and|hangs?|hung)\b",
    r"\b(?:built|owned|sold|let|left|bequeathed|passed|inherited|leased) (?:it )?(?:by|to|from) (?:his |her |the )?(?:\w+ )?ᴘ",
    r"\b(?:was|is|were|are) no ᴘ|\bpreceded\b",
    r"\b(?:as (?:we )?(?:wrongly |incorrectly )?(?:stated|reported|printed|said)|wrongly|incorrectly|mistakenly|in error|by mistake)\b",
    r"\b(?:likeness|exhibited|waxwork|provenance|auctioned|looking-glass|companion piece)\b",
    r"\b(?:beat|defeated) ᴘ\d+ (?:to (?:the|a)|by \w+ votes?|for (?:the|a)|in (?:the )?(?:\d{4} )?(?:election|primary|ballot|vote|race|by-election))",
    r"\bat (?:college|school|university|[A-Z]\w+) together\b|\bcounted among\b",
    r"\b(?:all|both) (?:come|came|hail|trained|began|started|grew up|went to school|belong|belonged|out of contract|from the same)\b",
)
#: Someone else's sayings about what is true: nothing is known by it.
FICTION = _any(
    r"\b(?:plays?|played|playing|portrays?|portrayed|stars?|starred|starring|cast as|as the estranged|title role|the part of|the role of|in the role|opposite|character|novel|sequel|screenplay|script|sitcom|fiction(?:al)?|dream(?:t|ed)?|imagin(?:e|ed|es|ing))\b(?! (?:music|cards|golf|tennis|piano|violin|host|at|in the (?:garden|street)))",
)
#: What is to come, wished, asked, rumoured or denied. -> expected
EXPECTED = _any(
    r"\b(?:will|won't|shall|would|wouldn't|'ll|(?-i:may)|might|should|could have|ought to|must)\b(?! (?:be remembered|not be (?:prevented|stopped|deterred|denied|put off|hurried)|not (?:say|comment|confirm|discuss)|normally|have none))",
    r"\b(?:is|are|was|were|am|be|been|being) (?:\w+ )?(?:due|expected|scheduled|slated|set|supposed|likely|invited|booked|about|billed|tipped|meant|rumou?red|alleged|reported|said|believed|thought|understood|hoping|planning|invited)\b(?: to)?",
    r"\b(?:is|are|was|were) to (?:have )?[a-z]+",
    r"\b(?:plans?|planned|planning|hop(?:es?|ed|ing)|expect(?:s|ed|ing)?|intend(?:s|ed)?|promis(?:es|ed)|want(?:s|ed)|agreed|offer(?:s|ed)|threaten(?:s|ed)|wish(?:es|ed)|prepar(?:es|ed|ing)|arrang(?:ed|ing)|asked|begged|urged|ordered|proposed|need(?:s|ed)?|tr(?:y|ied|ies)|aims?|refus(?:ed|es)|considered|considering|invit(?:es?|ed|ing)) (?:\w+ |ᴘ\d+ )?to\b",
    r"\b(?:rumou?rs?|rumou?red(?! (?:beau|boyfriend|girlfriend|lover|new|ex|flame|love|couple))|alleg(?:es?|ed|ing|ations?|edly)|den(?:y|ies|ied|ying|ials?)|claims?|claimed|claiming|disput(?:es?|ed)|speculation|hoax|supposed(?:ly)?|purported(?:ly)?|reportedly|gossip|whispers?|insists?|nonsense|not true|untrue|false(?:ly)?|fake|photoshopped|debunked|shot down|accus(?:es?|ed|ing)|charged|charges|prosecutors?|indictment|lawsuit)\b",
    r"\b(?:if|unless|whether|in case|suppose|perhaps|possibly|imagine|as if|as though)\b",
    r"\b(?:invit(?:ed|es|ation|ations)|is looking forward|can't wait|upcoming|forthcoming|to-be-announced|tickets? (?:for|to))\b(?! only)",
    r"\b(?:no doubt|doubtless|dared|longed|destined)\b",
)
#: Dealings at a distance. -> contact
CONTACT = _any(
    r"\b(?:wrote|writes|written|writing) (?:to|in|that|of|about|on|ᴘ|him|her|them|a|the|his|\w+ (?:moving|kind|warm|open)?)",
    r"\b(?:wrote|tele?phon(?:ed|es|ing)|phon(?:ed|es|ing)|rang(?! (?:in|out|the bells?))|ring(?:s|ing) up|cabled|wired|texts?|texted|texting|tweet(?:s|ed)?|emailed|e-mailed|faxed|messaged|posted|posts|retweeted|unfollowed|instagrammed|facetimed|corresponded|correspondence|letters?|telegram|telegraphed|message|statement|voicemail)\b",
    r"\b(?:spoke|talked|conferred|chatted) (?:\w+ ){0,2}by (?:tele)?phone|by (?:tele)?phone\b|on the (?:tele)?phone|over the (?:tele)?phone|a call from|phone call|called (?:up|on the phone)",
    r"\b(?:prais(?:ed|es|ing)|criticis?z?(?:ed|es|ing)|denounc(?:ed|es|ing)|condemn(?:ed|s)|attack(?:ed|s) ᴘ|blam(?:ed|es)|mock(?:ed|s)|defend(?:ed|s)|endors(?:ed|es|ing|ement)|back(?:ed|s|ing)|support(?:ed|s) (?:ᴘ|him|her)|paid tribute|pays tribute|credit(?:ed|s)|thank(?:ed|s)|congratulat(?:ed|es|ions)|apologi[sz](?:ed|es)|accus(?:ed|es)|warn(?:ed|s)|urged|slammed|hailed|blasted|lauded|admir(?:ed|es)|described|dismissed|rebuk(?:ed|es)|recommend(?:ed|s)|nominat(?:ed|es)|appoint(?:ed|s)|named ᴘ|hir(?:ed|es)|fir(?:ed|es) ᴘ|sack(?:ed|s)|promot(?:ed|es)|commission(?:ed|s)|employ(?:ed|s)|mentor(?:ed|s)|manag(?:ed|es) ᴘ|edit(?:ed|s) ᴘ|publish(?:ed|es)|sponsor(?:ed|s))\b",
    r"\b(?:worked|works|working) (?:for|under|with|as|together)|learn(?:ed|t) (?:\w+ ){0,3}from|represented by (?:the )?(?:broker|solicitor|agent|lawyer)|published (?:his|her)|collaborat(?:ed|es|or)|stud(?:ied|ies) (?:under|with)|trained (?:under|with)|taught|apprentic|co-?wrote|co-?founded|co-?starred|signed (?:with|for)|served (?:under|as|with)|joined (?:the|his|her) (?:company|firm|staff|band|club|team)",
    r"\b(?:su(?:ed|es|ing)|filed|libel|feud(?:ed|ing|s)?|quarrell?ed|fell out|clash(?:ed|es)|divorc(?:ed|e|ing)|separated|split (?:from|up|in)|called it quits|engaged|dated|dating|(?:has|have|had|was|were) (?:been )?(?:seeing|dating|married to|engaged|in touch|friends|close)|broke up|parted|romance|affair|relationship|friendship|exes)\b",
    r"\b(?:sent|sends|sending) (?:ᴘ\d+ |him |her |them |over |along )?(?:a|an|his|her|their|flowers|word|regrets|greetings|condolences|best|the|three|two|congratulations|money|cheque)\b",
    r"\b(?:voted (?:for|against)|lost to|beat(?:en)? (?:by )?ᴘ\d+ (?:in (?:the )?(?:19|20)\d\d|for)|defeated (?:the )?(?:sitting|incumbent)|outpolled|bought (?:\w+ ){0,3}from|sold|left (?:it|them|the \w+) to|bequeathed|inherited|dedicated (?:it |the \w+ )?to|influenced)\b",
    r"\b(?:called|calls|dubbed|branded|labelled) (?:ᴘ\d+|him|her) (?:an?|the|\"|one|safe)",
    r"\b(?:owes?|owed) (?:ᴘ|him|her|money)",
    r"\b(?:reached out to|got in touch|in touch with|(?:declared|signaled|signalled|pledged|announced) (?:his|her|their) support|identified ᴘ\d+ as|referred to ᴘ)",
)
#: Ways of attending without being there: contact with those present, and absent from the place.
REMOTE = _any(
    r"\bby (?:video|satellite|telephone|phone|speakerphone)(?:[- ](?:link|message|call|conference))?\b",
    r"\b(?:via|over|on|through) (?:a )?(?:zoom|skype|facetime|video|satellite|livestream|the livestream|teams|conference call|video ?link|a screen|webcam)\b",
    r"\b(?:facetimed|skyped|zoomed|dialled|dialed|phoned|called|beamed|patched) in\b",
    r"\b(?:watched|listened|followed)\b[^;]{0,60}\b(?:livestream|on television|on tv|on the (?:wireless|radio)|from home|at home|from (?:his|her) bed|on (?:a )?screen|online)\b",
    r"\b(?:recorded|taped|video|videotaped|filmed) (?:message|greeting|address|tribute|speech)\b",
    r"\bvideo ?link\b|\bspeaking (?:by|from)\b|\bjoined (?:\w+ ){0,3}(?:remotely|virtually|online)\b|\bremotely\b",
)
#: Apart though at one place and time.
PARALLEL = _any(
    r"\b(?:separately|in parallel|at (?:another|different|separate|opposite) (?:tables?|times?|venues?)|hours apart|never overlapped|missed each other|kept apart|on different (?:days|nights))\b",
)

# -- presence ------------------------------------------------------------------------------------------------------

#: Words that say that people were bodily there: grade "stated". Not a gate: other past clauses in a scene are "likely".
PRESENCE = _any(
    r"\b(?:met|meet|meets|meeting) (?:with |up with )?(?:ᴘ|him|her|them|each other|there|again|in|at|on|for|privately|briefly|twice|once|last|first|the|bank)",
    r"\bmet\b(?! (?:the|his|her|with) (?:deadline|criteria|standards?|disaster|death|end|opposition|costs?))|\b(?:shook|shaking|shake) (?:\w+ )?hands|\bran into\b|\bbumped into\b|\bcame across\b|\bcrossed paths\b",
    r"\b(?:attend(?:ed|s|ing)?|were present|was present|in attendance|on hand|presided|officiated|hosted|hosts|was host|were hosts?|hostess(?:es)?|convened|chaired|were? there|was (?:also )?there|also (?:there|present|attending)|guests? included|among the (?:guests|mourners|crowd|audience|arrivals|witnesses|company|diners|dancers|party|first|early)|among those|guest of honou?r|guests? (?:were|was|of)|(?:pictures?|photos?|photographs?|snaps?|line-?up|company|guest list|party|crowd) (?:\w+ ){0,6}included|(?:photo|photograph|picture|selfie|snap|shot)s? (?:of|with) (?:him|her|them|ᴘ\d+)(?:self)? (?:and|with|alongside))\b",
    r"\b(?:arriv(?:ed|es|ing)|turned up|showed up|came|dropped (?:in|by)|looked in|popped (?:in|up)|walked|drove|rode|sailed|flew|travell?ed|went|strolled|marched|swept|slipped) (?:\w+ )?(?:with|in|together|at|to|from|up|down|late|early|solo|alone|arm|hand|behind|beside|ahead|on|by|along|out|through|over|off|together|back|for)\b",
    r"\b(?:arriv(?:ed|es|ing)|accompan(?:ied|ying|ies)|escort(?:ed|ing|s)|joined|joining|join|greet(?:ed|s|ing)|welcom(?:ed|es|ing)|receiv(?:ed|es|ing)|entertain(?:ed|ing|s)|introduced|embrac(?:ed|ing|es)|hugg(?:ed|ing)|kiss(?:ed|ing|es)|toast(?:ed|ing)|danc(?:ed|ing|es)|din(?:ed|ing|es)|lunch(?:ed|ing)|supp?ed|drank|ate|sang|sings?|performed|perform|play(?:ed|s|ing)? (?:the|piano|host|violin|golf|tennis|cards|against|for)|posed|poses?|posing|photographed|pictured|snapped|spotted|sighted|seen|caught on camera|captured)\b",
    r"\b(?:sat|seated|sitting|sits|stood|stands|standing|sandwiched|flanked|huddled|side by side|arm in arm|hand in hand|shoulder to shoulder|elbow|alongside|next to|beside|shared (?:a|the|an)|sharing (?:a|the|an)|together|in the company of|in (?:his|her|their) company|at (?:his|her) side|arm around|front row|top table|high table|head table|same table)\b",
    r"\b(?:married|wed|tied the knot|exchanged vows|said (?:\"I do\"|grace)|walked (?:\w+ )?down the aisle|gave (?:\w+ )?away|best man|bridesmaids?|blessed|christened|baptised|confirmed|buried|pallbearers?|bore the coffin|wept|eulogy|eulog|delivered|addressed|spoke at|spoke to the|gave (?:a|the) (?:speech|toast|address|lecture|talk|reading|party|ball|dinner|dance|lunch|luncheon|small)|paid (?:his|her|their) respects|unveiled|opened (?:the|at)|cut the (?:ribbon|cake)|presented|handed|collected|accepted|awarded|crowned|decorated|knighted|sworn in|testified|cross-examined|appeared (?:before|in|at|on|with|alongside)|stood trial|pleaded|arraigned)\b",
    r"\b(?:beat|defeated|drew with|lost to|played|faced|scored|headed|bowled|caught|saved|tackled|substituted|knocked out|fought|outpointed|wrestled|raced|finished (?:second|third|behind|ahead)|came on for|partnered|put on|won)\b",
    r"\bin (?:his|her|their) (?:place|stead)\b|\bclashed (?:in|at|on)\b|\b(?:clip|video|footage|film|photo|photos|photograph|photographs|picture|pictures|selfie|snap|snaps|shot)s? (?:of|with|showing|from) ",
    r"\b(?:signed|negotiat(?:ed|ing)|held talks|had talks|talks (?:with|between)|conferred|discussed|debated|voted|sparred|interview(?:ed|ing|s)|questioned|interrogated|arrested|rescued|had (?:lunch|dinner|tea|breakfast|drinks|coffee|supper|an audience)|lunched|breakfasted|(?:for|to) (?:lunch|dinner|tea|drinks|supper|breakfast)|over (?:lunch|dinner|tea|drinks|coffee|breakfast)|stayed (?:with|at)|visited|visiting|called (?:on|at)|took (?:tea|the minutes|part|turns|her|his)|served|poured|carried out|cooked|(?:led|opened) the (?:way|dancing|singing|games|procession|prayers|side|service)|filled|packed|watched|applauded|cheered|heckled|laughed|chatted|toured|inspected|boarded|embarked|disembarked|celebrat(?:ed|ing)|rang in|partied|mingled)\b",
)
#: Nouns of occasions: a scene with one is established even where no venue is named.
EVENT = re.compile(
    r"\b(?:part(?:y|ies)|dinner|lunch|luncheon|wedding|reception|funeral|burial|memorial|gala|ceremony|meeting|summit|talks|premi[eè]re|"
    r"concert|recital|match|game|trial|hearing|inquest|debate|conference|congress|festival|banquet|ball|christening|baptism|"
    r"birthday|opening|unveiling|rally|race|final|semi-?final|session|service|supper|tea|picnic|breakfast|tour|interview|"
    r"awards?|show|performance|rehearsal|vigil|march|protest|demonstration|council|court|jury|raid|regatta|fair|f[eê]te|auction|"
    r"screening|launch|celebrations?|anniversary|reunion|procession|parade|prayers|mass|dance|bash|shower|"
    r"housewarming|retreat|voyage|cruise|crossing|expedition|climb|walk|hunt|shoot|quiz|bazaar|bake sale|coffee morning|"
    r"press conference|briefing|signing|inauguration|coronation|investiture|graduation|commencement|lecture|reading|talk|"
    r"exhibition|vernissage|preview|opening night|press night|afterparty|after-party|soir[eé]e|cocktail|roast|barbecue|"
    r"cook-?out|clambake|garden party|open day|sale|tournament|championship|cup|derby|test|innings|bout|fight|round|heat|"
    r"pageant|carnival|table|stage|podium|platform|throne|altar|coffin|graveside|altar|church|chapel|dock|booth|"
    r"visit|stay|weekend|trip|holiday|honeymoon|evening|night|do)\b",
    re.IGNORECASE,
)
#: A caption names those in its picture, in the present tense or in none.
CAPTION = _any(
    r"^\(?(?:from (?:the )?left|left to right|l to r\b|l ?[-–] ?r\b|above|below|pictured|clockwise|back row|front row|top|bottom|centre|center|right|left|seated|standing|inset|opposite|l-r)\b",
    r", (?:l\.|r\.|c\.|left|right|centre|center|second (?:from )?(?:left|right)|far left|far right)\b",
    r"\((?:left|right|centre|center|l|r|second left|second right|far left|far right|seated|standing)\)",
)
#: What stands over a list of those who were there, and over one of those who were not, or not yet.
_GUESTS = re.compile(
    r"\b(?:guests?|present|attend(?:ed|ees?|ance|ing)|turn-?out|arrivals|mourners|revellers|diners|passengers|seen|spotted"
    r"|who (?:was|were|came)|those (?:there|who (?:came|were|attended|joined|sat|stood|danced|dined))|among (?:those|them)|also (?:there|came))\b",
    re.IGNORECASE,
)
_NO_GUESTS = re.compile(
    r"\b(?:absent|absentees?|absences?|apolog\w+|regrets?|expected|invited|invitations?|missing|declined|will|not|no(?! fewer| less))\b|\bby ?:?$",
    re.IGNORECASE,
)


#: Who wrote, edited or translated what an item of a list names; not what somebody is, as in "Max Cole, the writer".
AUTHOR = re.compile(
    r"\b(?:by|from) ᴘ|\b(?<!\ba )(?<!\ban )(?<!\bthe )(?:editors?|editing|authors?|contributors?|writers?|translators?|staff)\b",
    re.IGNORECASE,
)


def tells_occasion(item: str) -> bool:
    """Whether an item of a list tells of an occasion, as those of a diary do, and not who wrote something."""
    return bool("ᴠ" in item or EVENT.search(item) or PRESENCE.search(item)) and not AUTHOR.search(item)


def leads_guest_list(lead: str) -> bool:
    """Whether a list that follows a heading, or a sentence with a colon, names those who were there."""
    lead = lead.rstrip()
    if lead.endswith((".", "!", "?")) and "following" not in lead.lower():
        return False
    if _NO_GUESTS.search(lead):
        return False
    return bool(_GUESTS.search(lead) or PRESENCE.search(lead))


#: Verbs of saying: the speaker is not in what is reported.
SPEECH = re.compile(
    r"\b(?:said(?! (?:grace|mass|prayers|goodbye|farewell|a (?:few words|prayer)|\"I do))|says|say|told|tells|testified|recalled|recalls|remembered|remembers|revealed|explained|added|claimed|claims|"
    r"alleged|insisted|insists|confirmed|confirms|announced|reported|reports|writes|wrote|swore|sworn|maintains|maintained|believes|"
    r"shows|heard|thought|declared|joked|quipped|admitted|acknowledged|noted|stated|argued|observed|complained)\b"
)
SAID_AFTER = _any(
    r"\b(?:said|told) [^.]{0,40}\b(?:afterwards?|later),? (?:at|in|aboard|outside|inside) (?:the )?ᴠ",
    r"\b(?:said|told) [^.]{0,40}\b(?:afterwards|afterward|after the (?:match|game|race|fight)|at the (?:ceremony|event|party|meeting|scene)|from the (?:stage|podium)|(?:an?|the) (?:crowd|audience|rally|meeting|party|press conference)|supporters|delegates|parliament|mourners|guests|the (?:crowd|audience|congregation|guests|council|court|meeting|mourners))\b",
)
#: A report that is disputed, or told by one party: what it says is expected, not seen.
DISPUTED = _any(
    r"\b(?:legend has|argues?|the (?:item|story|report|diary|column|article) (?:said|claimed|stated)|we (?:said|stated|reported)|claim(?:s|ed|ing)?|alleg(?:es|ed|ing|edly)|insist(?:s|ed)?|den(?:y|ies|ied|ying)|reportedly|rumou?r(?:s|ed)?|swor[en]|maintain(?:s|ed)|according to|(?:it is|it was|is) (?:\w+ )?(?:said|rumou?red|claimed)|dismiss(?:ed|es) (?:the )?(?:reports?|claims?|rumou?rs?|suggestions?|talk)|your (?:report|article|correspondent|item)|supposedly|purport(?:s|ed|edly))\b",
)
