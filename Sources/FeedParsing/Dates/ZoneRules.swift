// Written by scripts/make-zone-table.py; do not edit.

/// The zones of the IANA database as they are now.
enum ZoneRules {
    /// Entries `name=minutes`, with E, U, A or N for the rule of summer time.
    static let list: StaticString = """
        africa/abidjan=0 africa/accra=0 africa/addis_ababa=180 africa/algiers=60 africa/asmara=180
        africa/asmera=180 africa/bamako=0 africa/bangui=60 africa/banjul=0 africa/bissau=0
        africa/blantyre=120 africa/brazzaville=60 africa/bujumbura=120 africa/cairo=120
        africa/casablanca=60 africa/ceuta=60E africa/conakry=0 africa/dakar=0
        africa/dar_es_salaam=180 africa/djibouti=180 africa/douala=60 africa/el_aaiun=60
        africa/freetown=0 africa/gaborone=120 africa/harare=120 africa/johannesburg=120
        africa/juba=120 africa/kampala=180 africa/khartoum=120 africa/kigali=120 africa/kinshasa=60
        africa/lagos=60 africa/libreville=60 africa/lome=0 africa/luanda=60 africa/lubumbashi=120
        africa/lusaka=120 africa/malabo=60 africa/maputo=120 africa/maseru=120 africa/mbabane=120
        africa/mogadishu=180 africa/monrovia=0 africa/nairobi=180 africa/ndjamena=60
        africa/niamey=60 africa/nouakchott=0 africa/ouagadougou=0 africa/porto-novo=60
        africa/sao_tome=0 africa/timbuktu=0 africa/tripoli=120 africa/tunis=60 africa/windhoek=120
        america/adak=-600U america/anchorage=-540U america/anguilla=-240 america/antigua=-240
        america/araguaina=-180 america/argentina/buenos_aires=-180 america/argentina/catamarca=-180
        america/argentina/comodrivadavia=-180 america/argentina/cordoba=-180
        america/argentina/jujuy=-180 america/argentina/la_rioja=-180 america/argentina/mendoza=-180
        america/argentina/rio_gallegos=-180 america/argentina/salta=-180
        america/argentina/san_juan=-180 america/argentina/san_luis=-180
        america/argentina/tucuman=-180 america/argentina/ushuaia=-180 america/aruba=-240
        america/asuncion=-180 america/atikokan=-300 america/atka=-600U america/bahia=-180
        america/bahia_banderas=-360 america/barbados=-240 america/belem=-180 america/belize=-360
        america/blanc-sablon=-240 america/boa_vista=-240 america/bogota=-300 america/boise=-420U
        america/buenos_aires=-180 america/cambridge_bay=-420U america/campo_grande=-240
        america/cancun=-300 america/caracas=-240 america/catamarca=-180 america/cayenne=-180
        america/cayman=-300 america/chicago=-360U america/chihuahua=-360 america/ciudad_juarez=-420U
        america/coral_harbour=-300 america/cordoba=-180 america/costa_rica=-360
        america/coyhaique=-180 america/creston=-420 america/cuiaba=-240 america/curacao=-240
        america/danmarkshavn=0 america/dawson=-420 america/dawson_creek=-420 america/denver=-420U
        america/detroit=-300U america/dominica=-240 america/edmonton=-420U america/eirunepe=-300
        america/el_salvador=-360 america/ensenada=-480U america/fort_nelson=-420
        america/fort_wayne=-300U america/fortaleza=-180 america/glace_bay=-240U
        america/godthab=-120E america/goose_bay=-240U america/grand_turk=-300U america/grenada=-240
        america/guadeloupe=-240 america/guatemala=-360 america/guayaquil=-300 america/guyana=-240
        america/halifax=-240U america/havana=-300U america/hermosillo=-420
        america/indiana/indianapolis=-300U america/indiana/knox=-360U america/indiana/marengo=-300U
        america/indiana/petersburg=-300U america/indiana/tell_city=-360U america/indiana/vevay=-300U
        america/indiana/vincennes=-300U america/indiana/winamac=-300U america/indianapolis=-300U
        america/inuvik=-420U america/iqaluit=-300U america/jamaica=-300 america/jujuy=-180
        america/juneau=-540U america/kentucky/louisville=-300U america/kentucky/monticello=-300U
        america/knox_in=-360U america/kralendijk=-240 america/la_paz=-240 america/lima=-300
        america/los_angeles=-480U america/louisville=-300U america/lower_princes=-240
        america/maceio=-180 america/managua=-360 america/manaus=-240 america/marigot=-240
        america/martinique=-240 america/matamoros=-360U america/mazatlan=-420 america/mendoza=-180
        america/menominee=-360U america/merida=-360 america/metlakatla=-540U
        america/mexico_city=-360 america/miquelon=-180U america/moncton=-240U america/monterrey=-360
        america/montevideo=-180 america/montreal=-300U america/montserrat=-240 america/nassau=-300U
        america/new_york=-300U america/nipigon=-300U america/nome=-540U america/noronha=-120
        america/north_dakota/beulah=-360U america/north_dakota/center=-360U
        america/north_dakota/new_salem=-360U america/nuuk=-120E america/ojinaga=-360U
        america/panama=-300 america/pangnirtung=-300U america/paramaribo=-180 america/phoenix=-420
        america/port-au-prince=-300U america/port_of_spain=-240 america/porto_acre=-300
        america/porto_velho=-240 america/puerto_rico=-240 america/punta_arenas=-180
        america/rainy_river=-360U america/rankin_inlet=-360U america/recife=-180 america/regina=-360
        america/resolute=-360U america/rio_branco=-300 america/rosario=-180
        america/santa_isabel=-480U america/santarem=-180 america/santiago=-240
        america/santo_domingo=-240 america/sao_paulo=-180 america/scoresbysund=-120E
        america/shiprock=-420U america/sitka=-540U america/st_barthelemy=-240 america/st_johns=-210U
        america/st_kitts=-240 america/st_lucia=-240 america/st_thomas=-240 america/st_vincent=-240
        america/swift_current=-360 america/tegucigalpa=-360 america/thule=-240U
        america/thunder_bay=-300U america/tijuana=-480U america/toronto=-300U america/tortola=-240
        america/vancouver=-480U america/virgin=-240 america/whitehorse=-420 america/winnipeg=-360U
        america/yakutat=-540U america/yellowknife=-420U antarctica/casey=480 antarctica/davis=420
        antarctica/dumontdurville=600 antarctica/macquarie=600A antarctica/mawson=300
        antarctica/mcmurdo=720N antarctica/palmer=-180 antarctica/rothera=-180
        antarctica/south_pole=720N antarctica/syowa=180 antarctica/troll=0E antarctica/vostok=300
        arctic/longyearbyen=60E asia/aden=180 asia/almaty=300 asia/amman=180 asia/anadyr=720
        asia/aqtau=300 asia/aqtobe=300 asia/ashgabat=300 asia/ashkhabad=300 asia/atyrau=300
        asia/baghdad=180 asia/bahrain=180 asia/baku=240 asia/bangkok=420 asia/barnaul=420
        asia/beirut=120 asia/bishkek=360 asia/brunei=480 asia/calcutta=330 asia/chita=540
        asia/choibalsan=480 asia/chongqing=480 asia/chungking=480 asia/colombo=330 asia/dacca=360
        asia/damascus=180 asia/dhaka=360 asia/dili=540 asia/dubai=240 asia/dushanbe=300
        asia/famagusta=120E asia/gaza=120 asia/harbin=480 asia/hebron=120 asia/ho_chi_minh=420
        asia/hong_kong=480 asia/hovd=420 asia/irkutsk=480 asia/istanbul=180 asia/jakarta=420
        asia/jayapura=540 asia/jerusalem=120 asia/kabul=270 asia/kamchatka=720 asia/karachi=300
        asia/kashgar=360 asia/kathmandu=345 asia/katmandu=345 asia/khandyga=540 asia/kolkata=330
        asia/krasnoyarsk=420 asia/kuala_lumpur=480 asia/kuching=480 asia/kuwait=180 asia/macao=480
        asia/macau=480 asia/magadan=660 asia/makassar=480 asia/manila=480 asia/muscat=240
        asia/nicosia=120E asia/novokuznetsk=420 asia/novosibirsk=420 asia/omsk=360 asia/oral=300
        asia/phnom_penh=420 asia/pontianak=420 asia/pyongyang=540 asia/qatar=180 asia/qostanay=300
        asia/qyzylorda=300 asia/rangoon=390 asia/riyadh=180 asia/saigon=420 asia/sakhalin=660
        asia/samarkand=300 asia/seoul=540 asia/shanghai=480 asia/singapore=480
        asia/srednekolymsk=660 asia/taipei=480 asia/tashkent=300 asia/tbilisi=240 asia/tehran=210
        asia/tel_aviv=120 asia/thimbu=360 asia/thimphu=360 asia/tokyo=540 asia/tomsk=420
        asia/ujung_pandang=480 asia/ulaanbaatar=480 asia/ulan_bator=480 asia/urumqi=360
        asia/ust-nera=600 asia/vientiane=420 asia/vladivostok=600 asia/yakutsk=540 asia/yangon=390
        asia/yekaterinburg=300 asia/yerevan=240 atlantic/azores=-60E atlantic/bermuda=-240U
        atlantic/canary=0E atlantic/cape_verde=-60 atlantic/faeroe=0E atlantic/faroe=0E
        atlantic/jan_mayen=60E atlantic/madeira=0E atlantic/reykjavik=0 atlantic/south_georgia=-120
        atlantic/st_helena=0 atlantic/stanley=-180 australia/act=600A australia/adelaide=570A
        australia/brisbane=600 australia/broken_hill=570A australia/canberra=600A
        australia/currie=600A australia/darwin=570 australia/eucla=525 australia/hobart=600A
        australia/lhi=630A australia/lindeman=600 australia/lord_howe=630A australia/melbourne=600A
        australia/nsw=600A australia/north=570 australia/perth=480 australia/queensland=600
        australia/south=570A australia/sydney=600A australia/tasmania=600A australia/victoria=600A
        australia/west=480 australia/yancowinna=570A brazil/acre=-300 brazil/denoronha=-120
        brazil/east=-180 brazil/west=-240 cet=60E cst6cdt=-360U canada/atlantic=-240U
        canada/central=-360U canada/eastern=-300U canada/mountain=-420U canada/newfoundland=-210U
        canada/pacific=-480U canada/saskatchewan=-360 canada/yukon=-420 chile/continental=-240
        chile/easterisland=-360 eet=120E est=-300 est5edt=-300U egypt=120 etc/gmt=0 etc/gmt+0=0
        etc/gmt+1=-60 etc/gmt+10=-600 etc/gmt+11=-660 etc/gmt+12=-720 etc/gmt+2=-120 etc/gmt+3=-180
        etc/gmt+4=-240 etc/gmt+5=-300 etc/gmt+6=-360 etc/gmt+7=-420 etc/gmt+8=-480 etc/gmt+9=-540
        etc/gmt-0=0 etc/gmt-1=60 etc/gmt-10=600 etc/gmt-11=660 etc/gmt-12=720 etc/gmt-13=780
        etc/gmt-14=840 etc/gmt-2=120 etc/gmt-3=180 etc/gmt-4=240 etc/gmt-5=300 etc/gmt-6=360
        etc/gmt-7=420 etc/gmt-8=480 etc/gmt-9=540 etc/gmt0=0 etc/greenwich=0 etc/uct=0 etc/utc=0
        etc/universal=0 etc/zulu=0 europe/amsterdam=60E europe/andorra=60E europe/astrakhan=240
        europe/athens=120E europe/belfast=0E europe/belgrade=60E europe/berlin=60E
        europe/bratislava=60E europe/brussels=60E europe/bucharest=120E europe/budapest=60E
        europe/busingen=60E europe/chisinau=120E europe/copenhagen=60E europe/dublin=0E
        europe/gibraltar=60E europe/guernsey=0E europe/helsinki=120E europe/isle_of_man=0E
        europe/istanbul=180 europe/jersey=0E europe/kaliningrad=120 europe/kiev=120E
        europe/kirov=180 europe/kyiv=120E europe/lisbon=0E europe/ljubljana=60E europe/london=0E
        europe/luxembourg=60E europe/madrid=60E europe/malta=60E europe/mariehamn=120E
        europe/minsk=180 europe/monaco=60E europe/moscow=180 europe/nicosia=120E europe/oslo=60E
        europe/paris=60E europe/podgorica=60E europe/prague=60E europe/riga=120E europe/rome=60E
        europe/samara=240 europe/san_marino=60E europe/sarajevo=60E europe/saratov=240
        europe/simferopol=180 europe/skopje=60E europe/sofia=120E europe/stockholm=60E
        europe/tallinn=120E europe/tirane=60E europe/tiraspol=120E europe/ulyanovsk=240
        europe/uzhgorod=120E europe/vaduz=60E europe/vatican=60E europe/vienna=60E
        europe/vilnius=120E europe/volgograd=180 europe/warsaw=60E europe/zagreb=60E
        europe/zaporozhye=120E europe/zurich=60E gb=0E gmt=0 gmt+0=0 gmt-0=0 gmt0=0 hst=-600
        indian/antananarivo=180 indian/chagos=360 indian/christmas=420 indian/cocos=390
        indian/comoro=180 indian/kerguelen=300 indian/mahe=240 indian/maldives=300
        indian/mauritius=240 indian/mayotte=180 indian/reunion=240 iran=210 israel=120 japan=540
        met=60E mst=-420 mst7mdt=-420U mexico/bajanorte=-480U mexico/bajasur=-420
        mexico/general=-360 nz=720N nz-chat=765N prc=480 pst8pdt=-480U pacific/apia=780
        pacific/auckland=720N pacific/bougainville=660 pacific/chatham=765N pacific/chuuk=600
        pacific/easter=-360 pacific/efate=660 pacific/enderbury=780 pacific/fakaofo=780
        pacific/fiji=720 pacific/funafuti=720 pacific/galapagos=-360 pacific/gambier=-540
        pacific/guadalcanal=660 pacific/guam=600 pacific/honolulu=-600 pacific/johnston=-600
        pacific/kanton=780 pacific/kiritimati=840 pacific/kosrae=660 pacific/kwajalein=720
        pacific/majuro=720 pacific/marquesas=-570 pacific/midway=-660 pacific/nauru=720
        pacific/niue=-660 pacific/norfolk=660A pacific/noumea=660 pacific/pago_pago=-660
        pacific/palau=540 pacific/pitcairn=-480 pacific/pohnpei=660 pacific/ponape=660
        pacific/port_moresby=600 pacific/rarotonga=-600 pacific/saipan=600 pacific/samoa=-660
        pacific/tahiti=-600 pacific/tarawa=720 pacific/tongatapu=780 pacific/truk=600
        pacific/wake=720 pacific/wallis=720 pacific/yap=600 poland=60E roc=480 rok=540 turkey=180
        uct=0 us/alaska=-540U us/aleutian=-600U us/arizona=-420 us/central=-360U
        us/east-indiana=-300U us/eastern=-300U us/hawaii=-600 us/indiana-starke=-360U
        us/michigan=-300U us/mountain=-420U us/pacific=-480U us/samoa=-660 utc=0 w-su=180 wet=0E
        """
}
