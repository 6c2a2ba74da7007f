"""Absences: who a clause says was not there, and where they were instead.

An absence belongs to the scene that runs before its cue. A venue after the cue with no comma, "but", "to" or "from"
between is where they were not; any other venue of the clause is where they were.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from archive.encounters.rules.cues import LIST, P, V
from archive.encounters.rules.passages import Reading, mention_indexes

_WHO = rf"(?P<who>{LIST})(?!'|\d)"
_NOT = r"(?:not|n't|never)"
_GO = (
    r"(?:attend(?:ing|ed)?|c[oa]me|coming|appear(?:ed)?|show(?:ed)? (?:up|his face|her face)|show\b|turn(?:ed)? up|make it|made it|join(?:ed)?|"
    r"be (?:there|present|with|at|able|found|seen|reached|persuaded|in (?:the|attendance))|take part|taken part|participat|go\b|gone|goes|went|travel|"
    r"arriv(?:e|ed)|walk(?:ed)? (?:in|the)|play(?:ed)? (?:on|in|again)?|take the (?:stage|field|stand|floor)|speak|sing|perform|compete|run|vote|travel|march|get (?:there|in|up)|"
    r"stay(?:ed)?|see (?:him|her|them) off|set foot|lunch|dine|dance|meet|met|been (?:seen|photographed|invited|asked|to|back|in the same)|accompan(?:y|ied)|return(?:ed)?)"
)
#: What a subject does or is who was not there.
_SUBJECT_CUES = (
    rf"(?:did|does|do|could|had|has|have|was|were|is|are) ?{_NOT} (?:\w+ )?{_GO}",
    r"(?:was|were|is|are|had|has)(?: both| all| also| again| conspicuously| notably| sadly| pointedly| [a-z]+ly)? ?(?:not|n't) (?:\w+ )?(?:there|present|at|among|in|aboard|on hand|on|with|invited|able|available|asked|to be (?:seen|found)|seen|one of|called|around|here|home|photographed|pictured)\b",
    r"(?:never|no longer) (?:came|appeared|arrived|showed|turned|made|attended|went|got|reached|set foot|met|joined|left)",
    r"(?:failed|unable|too (?:ill|sick|busy|unwell|frail|grand|tired|hung over)|declined|refused|chose not|opted not|elected not|was not able|forgot|not allowed|not well enough) to (?:\w+ )?(?:attend|come|appear|show|turn|make|join|be|go|travel|play|perform|sing|take|sit|stand|speak|sign|meet|walk|accept|collect|receive)",
    r"(?:was|were) prevented (?:\w+ ){0,5}from|remained in (?:[A-Z]|ᴠ)|got stuck",
    r"failed to (?:show|appear|arrive|turn)",
    r"(?:was|were|is|are|being|remained|stayed)(?: both| all| also| again| notably| conspicuously| [a-z]+ly)? (?:absent|missing|nowhere|away|indisposed|detained|unwell|laid up|kept (?:away|home|at home|indoors)|held up|stuck|stranded|snowed in|fogbound|ill\b|in bed|at home|home (?:in|with|sick|nursing|ill)|in hospital|abroad|overseas|in quarantine|off sick|out (?:sick|injured|ill|with)|injured|suspended|dropped|rested|barred|excluded|snubbed|uninvited|turned away|out of (?:town|the country|action)|elsewhere|otherwise engaged|a no-?show|conspicuous by|on (?:leave|tour|holiday|vacation|nights|location|assignment|the other side)|too (?:ill|sick|busy|unwell|frail|grand|tired|young|far)|an absentee|left (?:out|off|behind|at home))",
    r"(?:stayed|stays|kept|keeps|remained) (?:well |firmly |pointedly |at )?(?:away|home|behind|indoors|put|in bed|in ᴠ\d+|at ᴠ\d+)",
    r"(?:skipped|skips|skipping|missed|misses|missing|boycotted|boycotts|snubbed|shunned|avoided|ducked|dodged|passed up|gave (?:it|the \w+|ᴠ\d+) a miss|sat (?:it |this one |this )?out|begged off|cried off|bowed out|bailed|backed out|pulled out|dropped out|withdrew|cancelled|canceled|called off|scratched|stood (?:him|her|them|us) up|did a runner)(?! (?:a|the|an|his|her) (?:penalty|chance|beat|shot|putt|train|flight|step|target|cut|goal|sitter))",
    r"sen(?:t|ds|ding) (?:his |her |their |its )?(?:\w+ )?(?:regrets|apologies|excuses|love and regrets|best wishes|good wishes|deputy|son|daughter|wife|husband|brother|sister|lawyer|aide|driver|secretary)",
    r"(?:turned down|declined|refused|ignored|did not answer|never answered|sent back) (?:an?|the|his|her|their|all)?(?: \w+){0,2} ?(?:invitations?|invites?)",
    r"(?:had|has|'d) (?:already )?(?:gone|left|flown|sailed|returned|moved on|slipped away|set off)\b(?! (?:to bed|off|out|up))",
    r"(?:had|has|have) (?:hoped|planned|meant|intended|been due|been expected|been invited|been billed|been scheduled|been asked) (?:to|as|for)",
    r"(?:were|was) (?:to have (?:been|come|joined|spoken|sung|played|attended|presided|chaired|opened|given|sat|met)|meant to|supposed to|due to (?:have|attend|come|speak)|expected but|billed|not invited|n't invited)",
    r"(?:left|departed|slipped (?:out|away)|went home|had gone home) (?:\w+ )?(?:before|long before|minutes before|an hour before|just before)",
    r"(?:is|was|were|are) (?:said to be |reportedly )?(?:in hospital|recovering|convalescing|recuperating|filming|shooting|touring|on tour|working|performing|opening a|nursing|vacationing|holidaying|honeymooning|on (?:his|her|their) honeymoon|on (?:duty|shift|call|night shift|a (?:plane|train|flight))|asleep (?:in|at)|in (?:a cell|surgery|labou?r|court in)|teaching in|studying in|running in|racing in|speaking in|serving in|taking the cure|travell?ing|attending a|sitting an|in labou?r|giving birth|in custody|in prison|in jail|under house arrest|in exile|too ill)",
    r"(?:ha[sd]|have) (?:not|n't) been (?:seen|photographed|there|back|in|to|heard)",
    r"could(?: not|n't) (?:\w+ )?(?:come|attend|be|make|join|travel|get|go|leave|face)",
    r"(?:regretted|regrets) (?:that (?:he|she|they) (?:could|was)|(?:he|she|they) (?:could|was)|being unable|not being)",
    r"(?:begged|asked) to be excused|was excused|gave (?:it|us|them) a miss|had (?:a|an) (?:cold|appointment|headache|prior engagement|previous engagement|migraine|fever|bad back|exam|matinee|matinée)",
    r"had to (?:miss|stay (?:away|home|at home|in)|cry off|pull out|cancel|decline)|pleaded (?:an? )?(?:\w+ )?(?:headache|cold|illness|engagement|business|lag|fatigue|work|tiredness)|preferred (?:to stay|not to (?:come|go|attend))",
    r"(?:knew nothing|was none the wiser|heard (?:of|about) it) (?:until|only|from|the next|later|afterwards)",
)
_SUBJECT = re.compile(
    rf"{_WHO}(?P<between>(?:, (?!and ᴘ)[^,;:]{{1,60}},|,)? (?:(?!not|never|did|was|were|is|had|has)[^,;:ᴘ]{{1,70}} (?:and|but) (?=(?:did|was|were|had|could|never|sent|stayed|missed|skipped)\b))?(?:who |also |both |all |again |however, |alas, |sadly |himself |herself |meanwhile,? |had |has |too )?)(?P<cue>{'|'.join(_SUBJECT_CUES)})",
    re.IGNORECASE,
)
#: Cues that stand before the person.
_OBJECT = re.compile(
    rf"(?P<cue>\b(?:(?:conspicuous(?:ly)?|notabl[ey]|also|sadly|pointedly|among (?:the|those)|noticeably|still) )?(?:missing|absent|absentees?|missed|no-?shows?)(?: (?:from|on the night|this year|again|were|was|included|include|is|are|with a cold|as ever|but forgiven|in action|[\w']+)){{0,5}}:? (?:the |only |both )?(?:\w+,? ){{0,3}}"
    rf"|\b(?:no|little|any|not a|never a) (?:sign|sight|trace|word|glimpse|hint) (?:of|from) (?:the |his |her |their )?(?:[\w-]+,? ){{0,4}}"
    rf"|\babsence of (?:the |his |her |both )?(?:[\w'-]+,? ){{0,4}}|\bin the (?:unexplained |continued )?absence of (?:the )?(?:[\w-]+ ){{0,3}}"
    rf"|\b(?:without|minus|sans|bar|except(?: for)?|save(?: for)?|but for|all but|everyone but|everybody but|apart from|but not|though not|not counting|excepting|if not) (?:by |with |for |to )?(?:the |his |her |their |only )?(?:own )?(?:[a-z-]+,? ){{0,4}}"
    rf"|(?:,| and|, and|--?) not,? (?!as )(?:the |his |her )?(?:\w+ ){{0,2}}(?=ᴘ)"
    rf"|\b(?:with|and|but) no (?=ᴘ)|\b(?:but|though) not (?=ᴘ\d+(?:,|\.|$))"
    rf"|\bnot (?:there|present|among (?:them|those|the \w+)|invited|in attendance|aboard|on hand)\b(?: was| were|:)? (?:the |his |her )?(?:\w+ ){{0,3}}"
    rf"|\b(?:gone|absent|nowhere|nor) (?:was|were|to be seen was|to be seen were) (?:there any sign of )?(?:the |his |her )?(?:\w+,? ){{0,3}}"
    rf"|\bneither (?:he|she|they) nor (?=ᴘ\d+ (?:was|were|came|attended|appeared|showed|turned|made|went|got|had))"
    rf"|\b(?:neither) (?=ᴘ\d+ nor ᴘ\d+ (?:was|were|came|attended|appeared|showed|turned|made))"
    rf"|\b(?:unable to (?:attend|be present|come|be there)|sent (?:their|his|her) (?:apologies|regrets)|regrets? (?:came |were received )?from|apologies (?:for absence )?(?:came |were (?:received|read|sent|given) )?(?:for|from|by)|excused?) (?:was |were |for absence:? )?(?:the |his |her )?(?:\w+,? ){{0,3}}"
    rf"|\b(?:replac(?:ed|ing|es)|stepp?(?:ed|ing) in (?:for|at the last minute for)|stood in for|stands? in for|standing in for|deputis?z?(?:ed|ing) for|filled in for|fill(?:ed|ing) (?:in )?for|covered for|instead of|in place of|in the (?:place|stead) of|on behalf of|in lieu of|understudied) (?:the |his |her )?(?:[\w-]+,? ){{0,3}}"
    rf"|\bconspicuous(?:ly)? by (?:his|her|their) absence (?:was|were) (?:the )?(?:\w+,? ){{0,3}}"
    rf")(?:{P}'s (?:[\w-]+ ){{0,3}}[\w-]+,? )?(?P<who>{LIST})(?!'s)",
    re.IGNORECASE,
)
_ITS_ABSENCE = re.compile(
    rf"(?P<who>{P})(?:'s|') (?:\w+ )?(?:absence|non-?appearance|no-?show|empty (?:chair|seat|place)|place (?:was|stood|remained) (?:empty|vacant)|(?:chair|seat) (?:was|stood|remained) (?:empty|vacant)|regrets|apologies|apology for absence)",
    re.IGNORECASE,
)
#: The stand-in for the one who was away: "was represented by ᴘ4", "ᴘ4 in his place".
_REPRESENTED = re.compile(
    rf"(?P<who>{P})(?:,? [^;:]{{0,80}}?)? (?:was|were|is|being|be|sent) (?:also |instead |being )?(?:represented (?:\w+ )?by(?! (?:the |his |her |a )?(?:solicitor|lawyer|barrister|counsel|attorney|agent|advocate|gallery))|replaced (?:\w+ ){{0,3}}by) (?:the |his |her )?(?:[\w'-]+,? ){{0,5}}(?P<stand_in>{LIST})"
    rf"|(?P<stand_in2>{LIST})(?:, [^,]{{1,60}},)? (?:\w+ ){{0,4}}(?:represented|deputised for|deputized for|stood in for|stepped in for|filled in for|read (?:the|his|her) \w+ for|substituted for|took the place of|attended (?:on behalf of|for|instead of)|came (?:instead of|in place of)) (?:the |his |her )?(?:\w+ ){{0,3}}(?P<who2>{P})(?!'s)"
    rf"|(?P<who3>{P})(?:,? [^;:]{{0,60}}?)?,? (?:sent|sending|sends|dispatched) (?:his |her |the |a |in )?(?:[\w-]+,? ){{0,4}}(?P<stand_in3>{P})(?=[^;:]{{0,60}}(?:instead|in (?:his|her|their) (?:place|stead)|to (?:\w+ ){{0,2}}(?:represent|speak|attend|accept|collect|be|read|sit|face)))"
)
#: That these were not absent: nobody was, or it is asked or feared.
_NOT_ABSENT = re.compile(
    r"\b(?:never missed|not (?:\w+ )?(?:miss(?:ed|ing)|skip)|only absentee|no absentees?|had (?:gone|left|moved) (?:up|into) the|would (?:have )?miss|will (?:not )?miss|"
    r"nobody was missing|hardly missed|not without)\b",
    re.IGNORECASE,
)
_OPEN_SINCE = re.compile(
    r"\b(?:ha[sd]|have)(?:n't| not| never)(?: been| \w+)* (?:seen|photographed|in the same|back|met|spoken|visited|set foot|there|heard)|\bno (?:\w+ ){0,3}(?:photos?|photographs?|pictures?|sightings?)[^.]{0,80}\bsince\b|\blast seen\b|not (?:been )?seen since"
)


def absence_cues(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of the words of a masked text that say of somebody that they were not there."""
    for pattern in (_OBJECT, _SUBJECT):
        yield from (match.span("cue") for match in pattern.finditer(text))
    yield from (match.span() for match in _ITS_ABSENCE.finditer(text))


class Absence(NamedTuple):
    """What a clause says of somebody's absence.

    absent      indexes of the mentions of those who were away; stand_ins of those who came in their place
    cue_start, cue_end   offsets of the cue in the clause
    since       whether it is open: not seen since a date
    """

    absent: list[int]
    stand_ins: list[int]
    cue_start: int
    cue_end: int
    since: bool


def find_absence(text: str, head: int | None = None, subject: list[int] | None = None) -> Absence | None:
    """Who a clause says was not there; `head` is whom a relative clause is about, `subject` that of the clause before."""
    if _NOT_ABSENT.search(text):
        return None
    since = bool(_OPEN_SINCE.search(text))
    if (match := _REPRESENTED.search(text)) is not None:
        groups = match.groupdict()
        who = groups["who"] or groups["who2"] or groups["who3"] or ""
        stand_in = groups["stand_in"] or groups["stand_in2"] or groups["stand_in3"] or ""
        return Absence(mention_indexes(who), mention_indexes(stand_in), match.start(), match.end(), since=False)
    if head is not None:
        with_head = re.sub(r"^(?:who|whom|which)\b,?", f"ᴘ{head}", text, count=1)
        if with_head == text and not text.startswith("whose"):
            with_head = f"ᴘ{head} was {text}"
        shift = len(with_head) - len(text)
        match = _SUBJECT.match(with_head)
        if match is None:
            return None
        return Absence([head], [], 0, max(1, match.end() - max(shift, 0)), since)
    for pattern in (_OBJECT, _SUBJECT, _ITS_ABSENCE):
        if (match := pattern.search(text)) is not None:
            who = mention_indexes(match["who"])
            if pattern is _OBJECT and re.search(r"(?:neither) \Z", match["cue"]):
                who = mention_indexes(text[match.start("who") :].split(" was")[0])[:2]
            cue = "cue" if "cue" in pattern.groupindex else 0
            return Absence(who, [], match.start(cue), match.end(cue), since)
    if subject:
        bare = re.match(
            rf"(?:but |and |though |as |because |while )?(?:also |then |instead |so )?(?:{'|'.join(_SUBJECT_CUES)})",
            text,
            re.IGNORECASE,
        )
        pronoun = re.match(
            rf"(?:but |and |though |as |because |while |after |when |since )?(?:he|she|they) (?:also |both |all )?(?:{'|'.join(_SUBJECT_CUES)})",
            text,
            re.IGNORECASE,
        )
        if found := bare or pronoun:
            return Absence(list(subject), [], found.start(), found.end(), since)
    return None


def venues_of_absence(text: str, absence: Absence, reading: Reading) -> tuple[int | None, int | None]:
    """The venue where they were not, and that where they were."""
    missed = where = None
    for match in re.finditer(V, text):
        number = reading.name(int(match[0][1:]))
        between = text[absence.cue_end : match.start()] if match.start() >= absence.cue_end else None
        if between is None:
            inside = absence.cue_start <= match.start() < absence.cue_end
            cue = text[absence.cue_start : absence.cue_end]
            if (
                inside
                and re.search(
                    r"\b(?:in|at|stayed|home) (?:in |at )?ᴠ|(?:away|behind|on \w+|ill|busy|filming|was) (?:in|at) ᴠ",
                    cue,
                )
                and "from" not in cue
            ):
                where = where if where is not None else number
            elif inside:
                missed = missed if missed is not None else number
            continue
        cue = text[absence.cue_start : absence.cue_end].lower()
        elsewhere = re.search(r"[,;]|\b(?:but|to|from|because|as|for)\b", between) or re.search(
            r"\b(?:stayed|is|was|are|were|in hospital|recovering|filming|shooting|touring|on (?:tour|holiday|location|nights|leave)|home|stuck|held up|away|detained|gone|left|flown|opening a|taking the cure|abroad|stranded)(?: \w+)?\Z",
            cue,
        )
        if re.match(r"(?:\w+ )?from\b", between.strip()) and re.search(
            r"away|absent|missing|withdrew|pulled out|stayed|excluded|barred", cue
        ):
            elsewhere = None
        if re.search(r"\b(?:not|n't|never)\b", cue) and not re.search(r"[,;]|\b(?:but|because|as)\b", between):
            elsewhere = None
        if elsewhere:
            where = where if where is not None else number
        else:
            missed = missed if missed is not None else number
    return missed, where
