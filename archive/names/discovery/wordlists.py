"""Words from whose company it is guessed what a capitalised name is: none of them is a name itself.

Everything is in small letters. The lists are English in the main, with the commonest nouns of
places in other languages; where they have nothing to say, shape and repetition decide.
"""

from __future__ import annotations

from archive.names.surface_forms import TITLES
from archive.text.sentences import wordset

MONTHS = wordset(
    """january february march april may june july august september october november december jan feb mar apr jun
    jul aug sep sept oct nov dec"""
)
DAYS = wordset("monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun")
SEASONS = wordset(
    "christmas easter lent ramadan eid diwali hanukkah passover michaelmas whitsun halloween thanksgiving"
)
CALENDAR = MONTHS | DAYS | SEASONS

#: Words that are no part of a name wherever they stand.
FUNCTION = wordset(
    """a after all also although among an and another any are around as at away be because been before behind being
    below beneath beside besides between beyond both but by can could despite did do does down during each
    either else even ever every everybody everyone everything except few for former formerly from further
    had has have having he hence her here herself hers him himself his how however i if in indeed inside
    instead into is it its itself just last later least less let lets like likewise many maybe me meanwhile
    might mine more moreover most much must my myself near nearly neither never nevertheless next no nobody
    none nor not nothing now nowhere of off often on once one only onto or other others otherwise our ours
    out outside over own per perhaps please quite rather same several shall she should since so some
    somebody someone something sometimes soon still such than that the their theirs them themselves then
    there thereafter therefore these they this those though through throughout thus till to today together
    tomorrow tonight too toward towards two three four five six seven eight nine ten twelve twenty hundred
    under unless unlike until up upon us very via was we were what whatever when whenever where whereas
    wherever whether which while who whoever whole whom whose why will with within without would yes
    yesterday yet you your yours i'm i've i'd i'll it's he's she's they're we're you're don't that's there's
    can't isn't didn't"""
)
#: Words that often begin a sentence or stand in a headline, and are seldom part of a person's name.
COMMON = FUNCTION | wordset(
    """above according across actually additionally afternoon afterwards again against ago ahead alas almost alone
    along already alternatively altogether always amid annual apart apparently appearing apologies
    approximately apologises arriving aside asked asking attending aware back based because begin beginning
    begins best better big bigger biggest born breaking briefly broadly bring brings business called calling
    captured careful caring central certain certainly city clearly close clothes combined coming compared
    concerning consequently considering content contrary council country couple court critics crowd
    currently daily dear deep dinner doctors dressed dry due early earlier easily editing editor editorial
    education eight eighteen eighty eleven elsewhere engineers enough especially essentially evening
    eventually everywhere evidently exactly experts famous fans far fast father fewer fifteen fifty final
    finally find first following footnote formal forty fourteen fourth free fresh friends frequently full
    fun furthermore gathered general generally get girls give given giving go god going good got great
    guests half happily happy hard hardly hello help high higher historically home hopefully hot hours huge
    husband immediately important increasingly inevitably initially interestingly international introduction
    ironically joined joining keep key kind known lady lady's large larger largely late lately latest
    leading leave left less life likely little live local long longer look looking lost lots love loved low
    lower mainly major making man married matters mean means meeting members men merry middle million
    minister minutes miss missing moments money month months moreover morning mother mothers move music
    music's mystery name naturally necessary need needs new news newspaper night nineteen ninety nonetheless
    normally northern notably note notes notice notwithstanding obviously occasionally odd officials oh ok
    okay old older ordinarily originally overall owner paper parents part parties party past people
    personally photo photos photographs photograph picture pictures place plain plus police poor possible
    possibly practically precisely presently presumably present present-day previous previously primarily
    probably proceeds program promptly provided public quick quickly quiet rain ready real really recent
    recently regarding regardless reportedly reporters reporting reports residents respectively responding
    result results right roughly sadly said saturday's saying says scientists second secondly see seeing
    seemingly seldom sentencing separately service seven seventeen seventy shares short shortly show showing
    similarly simply sixteen sixty small somehow someone's somewhat somewhere sorry speaking specifically
    spoke spotted standing start starting state stay stop storm strange strangely strictly strong students
    study subsequently suddenly suggest summer supposedly sure surely surprisingly survivors sweet take
    taken taking talk talking tall tea team tell ten term texas thank thankfully thanks third thirdly
    thirteen thirty thousand thousands thousandth three time times tired toast tonight top town
    traditionally true truly turning twelve twelfth twice typically ultimately underneath undoubtedly
    unfortunately unless unsurprisingly upstairs usual usually various versus video visiting visitors wait
    walked walking want warm warning watch watching wedding week weekly weeks welcome well went whatever
    wherever whichever whoever wife willing winter witnesses woman women wonder wonderful work workers
    working world worse worst writing wrong year years young younger youngest"""
)
#: Verbs as headlines use them: what stands before one in a headline may be a name.
HEADLINE_VERBS = wordset(
    """accepts accused admits adds agrees aims announces answers apologises apologizes appeals appears arrested
    arrives asks attacks attends backs bans barred beats becomes begins believes blames blasts bows breaks
    brings builds buys calls cancels celebrates charged claims closes comes confirms considers could
    criticises criticizes cuts dances dazzles debuts declares defeats defends delays demands denies
    denounces dies dines discusses dismisses divorces donates draws drops earns elected ends engaged enters
    escapes explains faces fails falls fears fights files finds fined fires flies gets gives goes hails has
    heads hits holds honoured honored hopes hosts hurt insists is jailed joins jokes keeps kills killed
    knocks launches leads learns leaves lifts lives looks loses loves makes marries may meets misses moves
    must named names needs nominated offers opens orders outlines pays picks plans plays pleads pledges pops
    poses praises presents presses promises pushes puts quits raises reacts reads recalls receives refuses
    rejects releases remains remembers replaces reports resigns retires returns reveals rises rules runs
    says scores seeks seen sees sells sends set sets shares shines shows shuns sides signs sings slams slips
    speaks spotted stands stars starts stays steals steps stops struck stuns sues suffers suspends takes
    talks tells thanks threatens throws told tops tours tries turns unveils urges visits vows wants warns
    was weds wears weighs welcomes will wins withdraws wows writes"""
)
#: People said to be somebody's something.
KIN = wordset(
    """aunt auntie baby boyfriend bride brother chum classmate colleague companion cousin dad daughter ex-husband
    ex-wife father father-in-law fiancé fiancée fiance fiancee friend girlfriend godfather godmother godson
    goddaughter grandchild granddaughter grandfather grandma grandmother grandpa grandson groom guest
    half-brother half-sister heir heiress host hostess husband mate mother mother-in-law mum mom neighbour
    neighbor nephew niece partner sibling sister sister-in-law son son-in-law spouse stepdaughter stepfather
    stepmother stepson twin uncle widow widower wife fellow opponent predecessor successor rival counterpart
    mentor protégé"""
)
#: What people are by trade or office.
TRADES = wordset(
    """academic activist actor actress admiral adviser advisor agent analyst anthropologist apprentice architect
    artist assistant astronaut astronomer athlete attorney auctioneer author baker banker barrister batsman
    biographer biologist boss bowler boxer builder businessman businesswoman butcher butler campaigner
    candidate captain carpenter ceo chairman chairwoman chairperson chancellor chef chemist choreographer
    chief clerk coach colonel columnist comedian commissioner composer conductor constable cook
    correspondent councillor counsel curator dancer dealer defender delegate designer detective dictator
    diplomat director doctor dramatist driver economist editor engineer entrepreneur envoy executive
    explorer farmer filmmaker financier fisherman footballer forward founder gardener general geologist
    goalkeeper governor guitarist hairdresser headmaster headmistress historian housekeeper inspector
    instructor inventor investor jeweller jockey journalist judge keeper king laureate lawmaker lawyer
    leader lecturer librarian lieutenant linguist magistrate magnate maid manager mathematician mayor
    mechanic medic merchant midfielder midwife milliner millionaire billionaire minister missionary model
    mogul monk musician naturalist novelist nun nurse officer organist painter pastor percussionist
    philanthropist philosopher photographer physician physicist pianist pilot playwright player poet
    policeman policewoman politician potter premier president priest prince princess principal producer
    professor programmer prosecutor psychiatrist psychologist publisher queen rabbi rapper rector referee
    reporter researcher resident restaurateur ringmaster sailor salesman scholar schoolteacher scientist
    sculptor secretary senator sergeant servant sheriff singer skipper socialite sociologist soldier
    solicitor soprano speaker spokesman spokesperson spokeswoman star statesman strategist striker student
    surgeon surveyor tailor teacher technician tenor theologian trader trainer translator trustee tutor
    tycoon umpire usher vet veterinarian vicar victim violinist cellist volunteer waiter waitress warden
    weaver winner worker writer zoologist accountant acrobat ballerina baritone bodyguard bookseller botanist brewer
    broker chauffeur coachman comic conjuror contralto critic dentist draughtsman dressmaker electrician essayist
    fiddler florist forester governess grocer gymnast harpist hotelier humorist illustrator impresario innkeeper
    interpreter joiner landlord landlady lifeguard mayoress mezzo nanny oboist organiser ornithologist paediatrician
    pharmacist plumber postman potter printer projectionist ranger shipbuilder shopkeeper signalman smith stockbroker
    storyteller tattooist trumpeter typist undertaker valet ventriloquist vintner wrestler aviator barman barmaid
    bartender beekeeper blacksmith bricklayer broadcaster busker cabbie cameraman caretaker cartoonist chambermaid
    cleaner clergyman cobbler contestant cosmonaut cowboy cricketer crooner croupier diver docker dermatologist
    farmhand fencer firefighter fireman fishmonger flautist forger frontman gamekeeper glazier goldsmith golfer
    goalscorer greengrocer gunman herbalist hermit hurdler hypnotist immigrant inmate janitor juggler linebacker
    lobbyist locksmith lyricist magician marksman masseur matador milkman miner monologuist mountaineer neurologist
    newsagent newsreader optician oarsman paramedic parachutist patient peasant pensioner pilgrim pollster prisoner
    protester publican publicist puppeteer quarterback racer rancher refugee retiree roofer rower runner scriptwriter
    seamstress shoemaker silversmith skater skier songwriter sommelier spy sprinter stallholder stationer steelworker
    stewardess stonemason stuntman suspect swimmer surfer screenwriter swordsman taxidermist teenager thief
    tobacconist trawlerman trucker tuner vocalist watchmaker welder wheelwright whistleblower wicketkeeper winger
    yachtsman yachtswoman"""
)
#: Verbs that hardly anything but a person is the subject of.
SPEECH = wordset(
    """admitted added adds agreed announced answered argued asked asks believed believes claimed complained
    conceded concluded confessed confirmed declared denied denies explained explains exclaimed insisted
    insists joked lamented laughed mentioned murmured muttered noted notes observed protested quipped
    recalled recalls remarked remembered remembers replied said says shouted sighed sobbed spoke stated
    swore talks thinks thought told tells urged warned whispered wondered writes wrote identified"""
)
#: What institutions do as well as people, wherever they stand: a place that does so is none where people met.
RULINGS = wordset(
    """accused appealed approved backed banned condemned criticised criticized declined demanded dismissed endorsed
    issued ordered pledged proposed rejected ruled threatened upheld vetoed voted vowed"""
)
ACTS = wordset(
    """arrived ate attended bowed bought came celebrated clapped cried cut danced died dined drank drove embraced
    enjoyed entered flew gave grew hugged joined kissed knew led left lived loved made married met moved
    opened ordered painted paid performed played pleaded posed posted promised ran read refused resigned
    retired rode sailed sang sat sent served shared slept smiled smoked stayed stepped stood studied taught
    thanked took travelled traveled waited walked wants wanted watched waved wed weds wept went won wore
    works worked lives plays sings sells wears chaired presented seconded reported prosecuting defending
    does did got had has is was gets knows hopes declined accepted looked seemed appeared kept turned tried
    decided leads runs owns"""
)
#: What a person has: "…'s birthday".
BELONGINGS = (
    wordset(
        """birthday career death marriage wedding life memoir autobiography lawyer family face hair hand voice eyes
    smile dress house home funeral speech mind apartment diary office boss sons daughters children parents
    friends staff performance portrait campaign victory resignation"""
    )
    | KIN
)

#: Last words (and, where they lead, first ones) of places where people meet, and of occasions.
VENUES = wordset(
    """abbey academy airport almshouse amphitheatre amphitheater arcade arena arms arts assembly atrium auditorium
    avenue bakery ball ballroom bandstand bar barn barracks basilica bath baths bazaar beach bistro
    boardwalk boathouse boatyard bookshop boulevard brasserie bridge building buildings cafe café cafeteria
    camp canteen carnival casino castle cathedral cavern center centre chambers chapel chateau château
    church cinema circus clinic cloister club clubhouse coliseum college colosseum concert conservatory
    consulate convent corner cottage court courthouse courtyard crescent dock docks dome drive embassy
    emporium esplanade exchange exhibition expo fair farm ferry fest festival field fields forum fountain
    gala galleria gallery garden gardens gate golf grange green grill grounds grotto guildhall hall hangar
    harbour harbor headquarters heath hippodrome hospital hostel hotel house houses infirmary inn institute
    jail jetty kitchen laboratory lagoon landing lane lawn library lido lighthouse lodge loft lounge lyceum
    mall manor mansion marina market marquee mausoleum meadow memorial mill monastery monument mosque motel
    museum observatory oratory orchard oval palace palais parade park parlour pavilion penitentiary pier
    planetarium playhouse plaza pool pontoon post prison priory promenade pub quay racecourse ranch rectory
    regatta resort restaurant retreat rink ritz road room rooms rotunda row salon saloon school seminary
    shipyard shop shrine slip spa square stables stadium stage station steps store street studio studios
    summit supermarket synagogue tavern tea-room tearoom temple terminal terrace theater theatre tower
    towers vault vestry vicarage villa vineyard walk week wharf winery works workshop yard zoo university
    awards ceremony biennale biennial triennale derby banquet luncheon soirée soiree premiere première matinee
    fundraiser telethon jamboree pageant prom proms fete fête tattoo eisteddfod masquerade ceilidh symposium"""
)
#: Those of them that hardly anybody is called: "Trinity College" is no woman.
NO_SURNAMES = wordset(
    """academy airport almshouse amphitheatre amphitheater arena auditorium ballroom basilica bistro boardwalk bookshop
    boulevard brasserie cafe café cafeteria canteen casino cathedral cinema clinic club clubhouse coliseum college
    colosseum conservatory consulate convent courthouse embassy esplanade festival galleria gallery grotto guildhall
    headquarters hippodrome hospital hostel hotel infirmary institute jail laboratory library lido lighthouse lounge
    lyceum mausoleum monastery mosque motel museum observatory penitentiary planetarium playhouse plaza pub racecourse
    restaurant rink rooms saloon school seminary shipyard stadium stables studio studios supermarket synagogue tavern
    tearoom tea-room terminal theater theatre university vicarage winery workshop zoo awards ceremony biennale triennale
    banquet gala"""
)
#: Last words of places that are surnames as well.
LANDFORMS = wordset(
    """hill heights gables cove springs falls creek ridge bluff bluffs rapids grove dale vale moor fen common downs
    cliff cliffs sands firth gulch mesa butte canyon gorge desert plateau peak glacier woods forest meadow meadows
    junction crossing"""
)
#: Occasions that others than people's may be too, if what they are held for stands before: "the X Summer Party".
GATHERINGS = wordset(
    "party dinner lunch tea breakfast brunch supper reception show prize-giving picnic benefit opening"
)
OCCASIONS = wordset(
    """summer winter spring autumn christmas easter halloween birthday garden cocktail launch wedding engagement
    anniversary after farewell pool beach street dance holiday year year's eve carnival costume masked annual charity
    benefit opening closing awards oscar correspondents correspondents' gala gridiron flower motor horse air fashion dog
    boat state jubilee centenary golf thanksgiving memorial victory fundraising"""
)
#: Heads that come first: "Hotel X", "Museum of X", "Palais X".
LEADING_VENUES = wordset(
    """auberge bar brasserie café cafe casa castello chapel château chateau church club duomo galería galeria
    galerie gasthaus hacienda hotel hôtel kafe kaffeehaus kasteel kirche museo museum museu musée osteria
    palace palacio palais palazzo parador pensione piazza place plaza posada praça restaurant restaurante
    ristorante rue schloss schloß stade stadio taverna teatro theater theatre théâtre trattoria university
    via villa calle camp jardin hospital estadio parque"""
)
#: The same as common nouns beside a name: "the restaurant X", "X restaurant".
VENUE_NOUNS = VENUES - wordset("arms post row cup works fair court green week gate slip steps golf school concert")
#: Last words of bodies, papers, firms and other things that are neither people nor places to meet.
OTHERS = wordset(
    """act administration cup affairs agency alliance amendment army article association authority bank bay bill
    board books brigade brothers bulletin bureau bursary chapter charter chronicle coalition code commission
    committee committees communications community companies company conference confederation congress
    constitution corp corporation council county courier democrats department digest directorate district
    division dynasty economist echo edition empire enterprises era examiner express family federation films
    force forces foundation front fund gazette globe government group guardian guild herald history hills
    holdings images inc independent industries insurance island islands jar journal kingdom labs lake league
    lecture legislature letter limited llc logistics ltd magazine mail media ministry mirror mission monitor
    mountain mountains movement navy network news newsletter observer office ocean oil orchestra order
    organisation organization packet parliament partners party party's peninsula photo pictures police
    post-gazette press primary prize process productions programme program project protocol province
    publications radio records register reform regiment report republic republicans review river rules sea
    security senate sentinel service services society solutions sound spectator sports standard star states
    steamship sun survey system systems team technologies telegraph television theory times today trade
    treaty tribune trophy trust union valley war wars weekly wire world worldwide coast city town village
    street-journal liberals conservatives championship championships olympics medal minister president game
    games model models networks method algorithm theorem equation distribution lemma function transform"""
)
#: What is called by a name without being a person or a place.
WORKS = wordset(
    """album anthem ballad ballet bestseller blog boat book brand brig cat comedy company craft cutter daily dog
    documentary drama dredger film firm frigate hit horse hymn journal label lifeboat liner magazine mare
    memoir memoirs movie musical newspaper novel opera operetta paper play pony poem podcast programme
    racehorse record sequel series ship show single sitcom sloop song steamer tanker thriller tragedy
    trawler tug vessel website yacht autobiography biography ketch schooner app device drug language
    software operator"""
)
#: Those of them that float.
VESSELS = wordset(
    """barge barque brig clipper corvette cruiser cutter destroyer dinghy dredger ferry flagship frigate gunboat
    houseboat ketch lifeboat liner minesweeper packet schooner ship sloop steamer steamship submarine tanker trawler
    troopship tug vessel warship yacht"""
)
DEMONYMS = wordset(
    """african albanian algerian american arab argentine argentinian armenian asian australian austrian bangladeshi
    belgian bolivian brazilian british bulgarian burmese cambodian canadian catalan catholic chilean chinese
    christian colombian conservative croatian cuban cypriot czech danish democrat democratic dutch
    ecuadorian egyptian english estonian ethiopian european filipino finnish french georgian german ghanaian
    greek guatemalan haitian hindu hungarian icelandic indian indonesian iranian iraqi irish islamic israeli
    italian jamaican japanese jewish jordanian kenyan korean kurdish kuwaiti latin latvian lebanese liberal
    libyan lithuanian malaysian maltese maori mexican moroccan muslim nepali nigerian nordic norwegian
    orthodox pakistani palestinian peruvian polish polynesian portuguese protestant republican romanian
    russian samoan saudi scottish senegalese serbian singaporean slovak slovenian somali spanish sudanese
    swedish swiss syrian taiwanese thai tongan tunisian turkish ugandan ukrainian venezuelan vietnamese
    welsh western yemeni zimbabwean eastern northern southern north south east west labour tory gaussian
    bayesian markov boolean euclidean internet instagram facebook twitter youtube google tiktok whatsapp"""
)
#: Small words inside a name.
PARTICLES = wordset(
    """af al ap av bin bint ben da das de del della dem den der des di do dos du e el i ibn la las le los of op ten
    ter the und van vom von y zu zum zur ní nic ui 't degli dei delle dello dalla ab ferch verch"""
)
AGENCIES = wordset("afp ap getty reuters epa dpa rex alamy shutterstock bloomberg upi wireimage pa bfa backgrid")

#: Offices, ranks and callings that may be glued to a name with a capital; what follows the last of them is the name.
OFFICES = TITLES | wordset(
    """adjutant administrator adviser advisor aide ambassadress analyst archduchess archduke aristocrat assemblyman
    assemblywoman assistant attaché auditor ayatollah bailiff bombardier boss brig brigadier-general bursar cadet
    caliph candidate capt cardinal ceo cfo chair chairperson chaplain chief co-chair co-chairman co-founder col
    columnist comdr commandant comptroller controller commodore congressperson consul coroner corp cpl cllr
    correspondent counsel counsellor councilor crown curate czar democrat delegate deputy designate dictator doctor
    elder envoy ex-president ex-minister executive exec expert father field-marshal first-lady founder foreman
    freshman gen gov governor-general gunner guru headmaster headmistress historian hon imam incumbent investigator
    leader leftenant legislator lieut lieutenant-colonel lieutenant-general lt ltc maj major-general
    manager midshipman minister-president monsignor mp msgr mufti mullah nawab negotiator nobel officer official
    ombudsman organiser organizer owner paramedic parliamentarian patriarch pc petty pilot police-constable
    policeman policewoman pres presidential president-elect prof pte prosecutor provost pvt quarterback raja rapper
    rear receptionist rep reps researcher rev revd republican sen sens seaman sergeant-major servant sgt shah
    sheikha skipper sophomore spokesman spokesperson spokeswoman squadron staff-sergeant subaltern sultan supt surgeon
    sub-lieutenant supremo taoiseach tsar tsarina under-secretary undersecretary vice-admiral vice-chair
    vice-chairman vice-chancellor vice-president wing-commander wpc grand-duke grand-duchess infanta infante shaikh
    datuk tan tun tunku datin mme mlle sra comtesse comte conte contessa freiherr graf gräfin herzog kaiser
    reichskanzler bundeskanzler bundeskanzlerin professore dottor don doña sri swami guru-ji lama
    pandit alhaji alhaja erelu otunba oba
    tsarevna tsarevich pfc sgt-major constables moderator broadcaster youtuber podcaster countryman countrywoman
    honourable honorable singer-songwriter co-host co-star runner-up blogger vlogger streamer influencer moderators
    whip registrar chamberlain remembrancer verger precentor nuncio legate regent
    viceroy margrave landgrave maharaja maharajah maharani rajah nizam khedive
    shogun kaiserin archdeacon burgomaster alderwoman bailie laird ensign airman aircraftman rifleman fusilier
    guardsman trooper sapper quartermaster paymaster generalissimo proctor commissar congressmen chargé"""
)
#: Offices and ranks in short.
IN_SHORT = {
    "adm": "admiral", "amb": "ambassador", "brig": "brigadier", "capt": "captain", "cllr": "councillor",
    "cmdr": "commander", "col": "colonel", "comdr": "commander", "cpl": "corporal", "det": "detective",
    "gen": "general", "gov": "governor", "insp": "inspector", "lieut": "lieutenant", "lt": "lieutenant",
    "maj": "major", "pres": "president", "pte": "private", "pvt": "private", "rep": "representative",
    "rev": "reverend", "revd": "reverend", "sen": "senator", "sgt": "sergeant", "supt": "superintendent",
}  # fmt: skip
#: What an office is of or for: "Secretary of State", "Minister for Mining".
PORTFOLIOS = wordset(
    """state exchequer treasury defence defense interior home foreign affairs external justice health education finance
    trade industry commerce labour labor transport transportation energy agriculture environment housing works war
    navy army police staff security intelligence culture sport sports tourism mining fisheries technology science
    commons house senate parliament assembly lords council duchy prisons public prosecutions rolls court appeal
    horse arts planning economy development communications information religion youth women children pensions work
    privy seal admiralty board party opposition union central bank nations region county city state's government
    cabinet general national"""
)
#: Words before an office that belong to it: "Finance Minister", "Shadow Home Secretary", "Acting Governor".
OFFICE_PREFIXES = PORTFOLIOS | wordset(
    """acting assistant associate chief deputy executive former honorary interim junior lead managing presiding prime
    second senior shadow sub under vice wing rear staff squadron flight lance master petty first federal district
    supreme grand great crown lord high royal financial legal sales marketing creative artistic musical sporting
    technical medical presidential republican democratic democrat labour tory conservative liberal green u.s us uk eu
    un british american"""
)
#: Countries, states and great cities: where people live, travel and come from, and no one's name by themselves.
PLACES = wordset(
    """afghanistan albania algeria angola argentina armenia australia austria azerbaijan bahrain bangladesh belarus
    belgium bolivia bosnia botswana brazil britain bulgaria burma cambodia cameroon canada chile china colombia congo
    croatia cuba cyprus denmark ecuador egypt england estonia ethiopia fiji finland france gabon gambia germany ghana
    greece greenland guatemala guinea guyana haiti holland honduras hungary iceland india indonesia iran iraq ireland
    israel italy jamaica japan jordan kazakhstan kenya korea kosovo kuwait laos latvia lebanon lesotho liberia libya
    lithuania luxembourg macedonia madagascar malawi malaysia mali malta mauritius mexico moldova monaco mongolia
    montenegro morocco mozambique myanmar namibia nepal netherlands nicaragua niger nigeria norway oman pakistan
    palestine panama paraguay peru philippines poland portugal qatar romania russia rwanda samoa scotland senegal
    serbia singapore slovakia slovenia somalia spain sudan sweden switzerland syria taiwan tanzania thailand tibet
    togo tonga tunisia turkey uganda ukraine uruguay uzbekistan venezuela vietnam wales yemen zambia zimbabwe
    alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois
    indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana
    nebraska nevada ohio oklahoma oregon pennsylvania tennessee texas utah vermont virginia washington wisconsin
    wyoming london paris berlin rome madrid lisbon vienna prague budapest warsaw moscow kiev kyiv athens istanbul
    ankara cairo jerusalem baghdad tehran kabul delhi mumbai calcutta kolkata beijing shanghai tokyo seoul sydney
    melbourne toronto montreal vancouver chicago boston philadelphia dallas houston detroit seattle miami atlanta
    denver phoenix orlando cleveland baltimore pittsburgh brussels amsterdam rotterdam copenhagen stockholm oslo
    helsinki dublin belfast edinburgh glasgow cardiff manchester liverpool birmingham leeds sheffield bristol oxford
    cambridge york brighton norwich exeter bath geneva zurich milan venice florence naples turin munich hamburg
    cologne frankfurt dresden leipzig barcelona seville lyon marseille nice cannes monaco europe asia africa america
    antarctica oceania hollywood broadway brooklyn manhattan queens harlem lagos nairobi johannesburg dakar accra tunis
    casablanca riyadh dubai doha karachi lahore dhaka bangkok hanoi jakarta manila havana bogotá bogota lima santiago
    caracas quito petersburg kent essex surrey sussex devon cornwall norfolk suffolk yorkshire lancashire cheshire"""
)
#: Places of several words.
LONG_PLACES = frozenset(
    """abu dhabi|addis ababa|beverly hills|british columbia|buenos aires|burkina faso|cape town|
    central america|costa rica|el salvador|east timor|fort worth|great britain|guatemala city|
    ho chi minh city|hong kong|ivory coast|kuala lumpur|las vegas|latin america|long island|los angeles|
    mexico city|middle east|nova scotia|new delhi|new england|new hampshire|new jersey|new mexico|
    new orleans|new south wales|new york|new york city|new zealand|north america|north carolina|
    north dakota|north korea|northern ireland|palm beach|palm springs|papua new guinea|phnom penh|
    puerto rico|rhode island|rio de janeiro|saint petersburg|san antonio|san diego|san francisco|san jose|
    san marino|santa barbara|santa cruz|santa monica|sao paulo|são paulo|saudi arabia|sierra leone|
    south africa|south america|south carolina|south dakota|south korea|south sudan|soviet union|sri lanka|
    st louis|st petersburg|tel aviv|united arab emirates|united kingdom|united nations|united states|
    west bank|west germany|east germany|west virginia|western australia|costa brava|côte d'azur|
    salt lake city|kansas city|santo domingo|san juan|la paz|dar es salaam|nizhny novgorod|eastern europe|
    western europe|east anglia|lower saxony|andorra la vella|bandar seri begawan|kuwait city|panama city|
    port louis|port moresby|port of spain|port vila|porto novo|san salvador|vatican city|belize city|
    baton rouge|little rock|des moines|carson city|jefferson city|oklahoma city|saint paul|santa fe|
    capitol hill|solomon islands|marshall islands|cape verde|san bernardino|fort lauderdale|virginia beach|
    long beach|st moritz|new haven|new brunswick|prince edward island|hudson bay|wall street""".replace(
        "\n    ", ""
    ).split("|")
)
#: First words of places.
LEADING_PLACES = wordset(
    """mount lake port san santa são fort cape new los las mt ft puerto rio saint st ste sainte river glen loch upper
    lower north south east west great little bad kuala costa isla ile île baie monte ciudad villa val point mont
    pointe punta cabo capo sierra cerro pico pizzo puig puy lough llyn strath islas ilha vallée valle laguna lago lac
    río rivière playa praia plage porto bahia bahía golfo golfe cap sankt agios wadi jebel jabal kfar"""
)
#: Last words of clubs and firms, beyond those of other bodies.
CLUBS_AND_FIRMS = wordset(
    """airlines airways albion ac afc athletic automotive bancorp borussia bayern brands broadcasting bros celtic co
    consortium corps county dynamo dynamos electric electronics energy engineering fc farms financial foods gas giants
    global hotspur hornets industries innovations insurance inter international investments juventus lions logistics
    maccabi metals mining motor motors motorworks oil orient partners petroleum pharma pharmaceuticals power
    productions properties racing rangers railway railways rail real resources retail rovers savings securities steel
    stores systems telecom textiles tigers toys traders trading transport united utilities ventures villa wanderers
    wednesday wireless eagles bears bulls hawks cubs yankees dodgers mets saints wolves foundation prize award awards
    medal scholarship fellowship bursary library stadium lectureship professorship line lines airline watch action
    alert aid quartet quintet trio ensemble choir band singers players company philharmonic symphony research consulting
    analytics capital advisers advisors associates management equities markets sonata concerto overture rhapsody suite
    variations cantata requiem nocturne llp lp pty pte bhd berhad gmbh kgaa sarl sàrl srl nv bv oyj asa aps jsc pjsc oao
    zao ooo kft zrt ltda incorporated unlimited spartak dinamo lokomotiv torpedo cska zenit shakhtar partizan hapoel
    beitar deportivo olympique atlético atletico olympiacos panathinaikos galatasaray fenerbahçe benfica grêmio botafogo
    flamengo corinthians ajax feyenoord fortuna eintracht hertha slavia slovan sturm grasshoppers hearts hibernian
    thistle academicals athletics argyle rams jets braves padres pirates phillies brewers marlins astros
    mariners lakers celtics knicks pistons bucks nuggets raptors grizzlies timberwolves cavaliers warriors clippers
    steelers packers vikings chiefs raiders chargers broncos cowboys redskins dolphins patriots seahawks buccaneers
    bengals monde figaro parisien repubblica stampa messaggero giornale país pais mundo nación nacion vanguardia
    jornada mercurio prensa gazzetta corriere ravens penguins canucks flames oilers senators sabres bruins canadiens
    islanders wallabies springboks handicap stakes classic invitational endowment chairmanship inquiry mews shipyards
    mines collieries foundries breweries distilleries laboratories factories hotels cinemas theatres newspapers
    plantations ironworks steelworks gasworks waterworks shipping chemicals plastics construction haulage freight
    shipbuilders aviation aerospace aircraft biotech genetics therapeutics biosciences diagnostics healthcare realty
    hospitality leisure entertainment interactive digital hardware semiconductor microsystems data computers computing
    instruments robotics apparel footwear cosmetics jewellers confectionery dairies beverages bottlers catering mutual
    syndrome disease boson lymphoma way close"""
)
#: Common words of headlines and of sentences' beginnings that are no name's first word.
OPENERS = wordset(
    """her his my our your their its this that these those each every both either neither another other such majesty
    highness grace excellency honour lordship ladyship lady lord present absent guests among from dear thank
    good bad great happy merry best worst early late mid boxing ash shrove holy new independence labour bank"""
)

#: German words that begin a sentence, where nouns have capitals as well; inside a name ("Van Der Wal") they may stand.
GERMAN_OPENERS = wordset(
    """der die das dem den des ein eine einem einen einer eines und im am beim auf aus bei mit nach seit
    vor wie wenn als auch er sie es wir ihr sein seine ihre ihr nicht noch nun dann dort hier heute gestern morgen
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar februar märz oktober
    dezember dabei danach deshalb doch so zwei drei alle viele beide diese dieser dieses neben gegen für ohne
    über unter"""
)
#: Adjectives that follow an office: "Professor Emeritus", "Princess Royal".
POSTPOSITIVE = wordset(
    "royal laureate emeritus emerita elect designate regent consort dowager plenipotentiary pro tem tempore"
)
#: What stands in capitals after a name, of orders, degrees and services.
POST_NOMINALS = wordset(
    """kc qc sc mp mep msp mla ms phd md ba ma bsc msc dphil dd llb mba frs fba fsa fra ra rn rm raf usn usaf usmc
    obe mbe cbe kbe dbe gbe cb kcb gcb dcb cmg kcmg gcmg cvo kcvo gcvo mvo lvo om ch pc jp dl td vc gc dso dsc mc dfc
    mm bem ao am osb sj op esq"""
)
#: Verbs of going somewhere.
MOTION = wordset(
    """flew fly flies flying flown went go goes going gone drove drive drives driving travelled traveled travel travels
    travelling traveling sailed sail sails moved move moves moving came come comes returned return returns returning
    emigrated fled flee rode took sent headed heading walked got back home way journey trip flight train bus road
    visit commuted relocated transferred posted born raised arrived"""
)
#: Verbs of being somewhere, whose object is a place.
VISITING = wordset("visited visits visiting visit toured touring tours reached reaching reaches crossed crossing")
#: "According to" in other languages; one of them is a given name as well.
ACCORDING = wordset("segundo según selon secondo laut volgens ifølge enligt")
#: Trades, offices and kin that lead to a name in other languages, written small.
FOREIGN_ROLES = wordset(
    """acteur actrice avocat avocate chanteur chanteuse comédien comédienne écrivain écrivaine cinéaste réalisateur
    réalisatrice couturier couturière créateur créatrice styliste mannequin ministre président présidente sénateur
    sénatrice député députée maire préfet juge procureur médecin professeur peintre sculpteur compositeur compositrice
    pianiste violoniste cheffe directeur directrice patron patronne journaliste romancier romancière poète philosophe
    historien historienne producteur productrice animateur animatrice humoriste danseur danseuse joueur joueuse
    entraîneur capitaine général roi reine princesse duc comtesse baronne épouse époux mari fils fille frère sœur soeur
    mère père cousine ami amie compagne compagnon veuve veuf héritier héritière actor actriz cantante escritor
    escritora directora ministro ministra presidenta presidente alcalde alcaldesa consejero consejera diputado diputada
    juez jueza abogado abogada médico pintor pintora poeta novelista periodista torero futbolista entrenador diseñador
    diseñadora empresario empresaria marido esposa esposo hijo hija hermano hermana madre padre novio novia viuda rey
    reina príncipe princesa duque duquesa conde condesa attore attrice scrittore scrittrice regista sindaco sindaca
    senatore giudice avvocato pittore pittrice giornalista stilista allenatore capitano imprenditore imprenditrice
    marito moglie figlio figlia fratello sorella compagno compagna principe principessa duca duchessa contessa ator
    atriz cantor cantora diretor diretora prefeito juiz advogado advogada burgemeester schilder schrijver schrijfster
    zanger zangeres regisseur statsminister skuespiller skuespilleren sangerinde forfatter forfatteren instruktør"""
)
FOREIGN_SPEECH = wordset(
    """déclaré déclare affirmé affirme expliqué explique raconté raconte ajouté ajoute confié confie dijo afirmó declaró
    explicó señaló añadió detto dichiarato spiegato affermato aggiunto sagte erklärte meinte betonte fügte disse afirmou
    declarou zei verklaarde sagde fortalte sade berättade"""
)
