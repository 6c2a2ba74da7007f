"""Firms, labels and makes that have people's names, and the words in whose company such a name is one of theirs.

"Shares in Max Cole fell" and "a Max Cole coat" tell of a firm and of its wares, whoever Max Cole was. Everything is in
small letters. No list has a verb that people are the subject of: "stole", "watches", "shares".
"""

from __future__ import annotations

from archive.text.sentences import wordset

#: Firms by the surnames of several founders, of which the first may be a given name: hardly anybody is called so.
FIRMS_OF_SURNAMES = frozenset(
    """abercrombie fitch|allen overy|ashurst morris|aston martin|austin healey|austin rover|baker hughes|baker mckenzie|
    bang olufsen|barnes noble|baume mercier|bear stearns|bell howell|bergdorf goodman|black decker|booz allen|
    brown boveri|brown root|brown shipley|cantor fitzgerald|carter ruck|clifford chance|crosse blackwell|currier ives|
    davis polk|dolce gabbana|drexel burnham|dun bradstreet|ernst young|faber faber|fortnum mason|goldman sachs|
    grant thornton|harley davidson|harper collins|harvey nichols|hewlett packard|hill samuel|jardine fleming|
    jardine matheson|johnson johnson|johnson matthey|jones day|kidder peabody|kirkland ellis|kleinwort benson|kuhn loeb|
    laurent perrier|lehman brothers|marks spencer|marsh mclennan|marshall snelgrove|martin marietta|martini rossi|
    merrill lynch|mitchell beazley|mitchells butlers|moet chandon|moët chandon|morgan crucible|morgan grenfell|
    morgan stanley|neiman marcus|norton rose|paine webber|patek philippe|piper jaffray|pratt whitney|price waterhouse|
    procter gamble|random house|reed elsevier|rolls royce|saks fifth|salomon smith|simon schuster|simpson thacher|
    slaughter may|smith barney|smith kline|smith wesson|standard chartered|stephenson harwood|stone webster|
    sullivan cromwell|tate lyle|taylor wimpey|taylor woodrow|vacheron constantin|van cleef|warburg pincus|warner bros|
    warner brothers|wells fargo""".replace("\n    ", "").split("|")
)
#: Makes and families of wares that are no given names: what follows is a thing.
BRANDS = wordset(
    """adidas adobe airbus android audi bayer blackberry bmw boeing bosch bugatti cadillac casio chevrolet chrysler
    citroën citroen coca cisco danone dell ebay electrolux ericsson esso exxon facebook ferrari fiat fujitsu gillette
    google gucci heineken hitachi honda hyundai ibm ikea intel kawasaki kodak lamborghini lego lenovo lexus linux
    lockheed logitech lufthansa macintosh maserati mastercard mattel mazda mcdonald's microsoft mitsubishi motorola
    mozilla nescafé nestle nestlé netflix nike nikon nintendo nissan nokia nvidia panasonic pepsi peugeot philips
    playstation porsche prada qualcomm reebok renault rolex samsung sega siemens skype smirnoff sony spotify starbucks
    subaru suzuki swatch texaco toshiba toyota unilever vauxhall volkswagen volvo vodafone windows xbox xerox yamaha"""
)
#: What a firm is called as a common noun, and no person: "the insurer X".
FIRM_NOUNS = wordset(
    """airline automaker brand brands brewery brokerage carmaker carrier chain chipmaker conglomerate consultancy
    drugmaker firm franchise insurer label multinational planemaker retailer start-up startup steelmaker subsidiary
    toymaker utility"""
)
#: What has a price or an owner, before "in", "of" or "at" and a name: "shares in X".
HOLDINGS = wordset(
    """share shares stake stakes stock stocks holding holdings investor investors investment investments shareholder
    shareholders stockholder stockholders takeover takeovers acquisition subsidiary subsidiaries profits profit
    earnings revenue revenues turnover dividend dividends sales jobs buyout flotation headquarters workforce"""
)
#: Who works "at X", where X is a firm.
STAFF = wordset(
    """analyst analysts banker bankers broker brokers consultant consultants economist economists executive executives
    partner partners spokesman spokeswoman spokesperson strategist strategists trader traders employee employees
    researcher researchers engineer engineers manager managers lawyer lawyers director directors fellow"""
)
#: What belongs to a firm, after its name with or without 's.
ASSETS = wordset(
    """stock shareholders stockholders investors subsidiary subsidiaries dividend dividends turnover revenue revenues
    earnings customers employees workforce executives analysts outlets factories factory dealership dealerships
    franchise merger takeover headquarters ipo"""
)
#: What the price of "X shares" does.
PRICES = wordset(
    """rose fell gained lost were have had jumped plunged slid dropped slipped climbed tumbled soared traded closed
    ended opened rallied sank eased surged added hit"""
)
#: Verbs of a firm's accounts, and what they are of.
REPORTS = wordset("posted posts reported reports booked made makes announced")
RESULTS = wordset("loss losses profit profits earnings revenue revenues turnover dividend")
#: Things to wear and to carry, which are called by whoever makes them: "a Max Cole coat".
WARES = wordset(
    """anorak apron bag bandeau beanie beret bikini blazer blazers blouse blouses bodice bodysuit bolero bow-tie bra
    bracelet bracelets briefcase brooch cardigan cashmere coat cologne corset cosmetics couture cravat creations
    crockery cufflinks culottes denim dinner-jacket dress dressing-gown dungarees earrings espadrilles eyewear fedora
    footwear fragrance fragrances frock frocks furs garment garments gloves gown gowns handbag handbags handkerchief
    hats hoodie hosiery jacket jackets jeans jewellery jewelry jumpsuit kaftan kimono knitwear leggings leotard lingerie
    lipstick loafers logo luggage make-up mascara merchandise minidress miniskirt moccasins necklace necklaces
    nightdress outfit overcoat pants parka pendant perfume perfumes pinafore playsuit plimsolls poncho porcelain
    pullover purse pyjamas raincoat rucksack sandals sari sarong scarf scarves shawl shirt shirts shoe shoes shorts
    skirt slippers smock sneakers spectacles stilettos stockings suede suit suitcase suitcases sundress sunglasses
    sweater sweaters sweatshirt swimsuit swimwear t-shirt t-shirts tableware tiara tights trenchcoat trousers tunic
    turtleneck tutu tux tuxedo umbrella underwear waistcoat wallet wallpaper wristwatch socks blouson"""
)
#: Before the name of a dish, a drink or a fruit.
EATING = wordset("ate eats eating drank drinks drinking sipped sips sipping")
#: Before a name that is a label: "she wore X".
WEARING = wordset("wore wears wearing sported sporting donned donning")
