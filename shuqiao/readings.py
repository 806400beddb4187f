"""How Chinese characters are read: the characters of GB/T 2312 by their syllables, without tones
(ü is v), and what a run of letters may be as syllables.

Compiled for this project: readings that common words have, several of a character where it has them
(都 du dou), as the open dictionaries of pypinyin (MIT) and Unihan agree; and those that only names
of places in Inner Mongolia have, added by hand from their official spellings.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import Final

#: A syllable, then the characters that are read so.
_TABLE: Final = """
a啊阿嗄腌锕 ai埃挨哎唉哀皑癌蔼矮艾碍爱隘捱嗳嗌嫒瑷暧砹锿霭 an鞍氨安俺按暗岸胺案谙埯揞犴庵桉铵鹌
an黯 ang肮昂盎 ao凹敖熬翱袄傲奥懊澳坳拗嗷岙廒遨媪骜獒聱螯鏊鳌鏖 ba芭捌扒叭吧笆八疤巴拔跋靶把耙坝
ba霸罢爸茇菝岜灞钯粑鲅魃 bai白柏百摆佰败拜稗捭呗掰擘 ban斑班搬扳般颁板版扮拌伴瓣半办绊阪坂钣瘢癍
ban舨 bang邦帮梆榜膀绑棒磅蚌镑傍谤蒡浜 bao苞胞包褒剥薄雹保堡饱宝抱报暴豹鲍爆刨曝勹葆孢煲鸨褓趵龅
bei杯碑悲卑北辈背贝钡倍狈备惫焙被孛陂邶蓓呗悖碚鹎褙鐾鞴 ben奔苯本笨畚坌贲锛 beng蚌崩绷甭泵蹦迸嘣
beng甏 bi逼鼻比鄙笔彼碧蓖蔽毕毙毖币庇痹闭敝弊必辟壁臂避陛匕俾荜荸萆薜吡哔狴庳愎滗濞弼妣婢嬖璧畀
bi铋秕裨筚箅篦舭襞跸髀 bian鞭边编贬扁便变卞辨辩辫遍匾弁苄忭汴缏煸砭碥窆褊蝙笾鳊 biao标彪膘表婊骠
biao杓飑飙飚灬镖镳瘭裱鳔髟 bie鳖憋别瘪蹩 bin彬斌濒滨宾摈傧豳缤玢槟殡膑镔髌鬓 bing兵冰柄丙秉饼炳
bing病并屏禀冫邴摒 bo柏剥薄玻菠播拨钵波博勃搏铂箔伯帛舶脖膊渤泊驳卜亳啵饽檗擘礴钹鹁簸跛踣 bu堡捕
bu卜哺补埠不布步簿部怖卟逋瓿晡钚钸醭 ca擦嚓礤 cai猜裁材才财睬踩采彩菜蔡 can餐参蚕残惭惨灿掺孱骖
can璨粲黪 cang苍舱仓沧藏伧 cao操糙槽曹草艹嘈漕螬艚 ce厕策侧册测恻 cen岑涔 ceng层蹭曾噌 cha插叉茬
cha茶查碴搽察岔差诧刹喳嚓猹馇汊姹杈槎檫锸镲衩 chai差拆柴豺侪钗瘥虿 chan搀蝉馋谗缠铲产阐颤冁谄蒇
chan廛忏潺澶羼婵骣觇禅镡蟾躔 chang昌猖场尝常长偿肠厂敞畅唱倡裳伥鬯苌菖徜怅惝阊娼嫦昶氅鲳 chao超
chao抄钞朝嘲潮巢吵炒剿怊晁焯耖 che车扯撤掣彻澈坼屮砗 chen郴臣辰尘晨忱沉陈趁衬称谌谶抻嗔宸琛榇碜
chen龀 cheng撑称城橙成呈乘程惩澄诚承逞骋秤盛丞埕枨柽晟塍瞠铖铛裎蛏酲 chi吃痴持匙池迟弛驰耻齿侈尺
chi赤翅斥炽傺坻墀茌叱哧啻嗤彳饬媸敕眵鸱瘛褫蚩螭笞篪踟魑 chong充冲虫崇宠重茺忡憧铳舂艟 chou抽酬畴
chou踌稠愁筹仇绸瞅丑臭俦帱惆瘳雠 chu初出橱厨躇锄雏滁除楚础储矗搐触处畜亍刍怵憷绌杵楮樗褚蜍蹰黜
chuai揣搋啜嘬膪踹 chuan川穿椽传船喘串舛遄巛氚钏舡 chuang疮窗幢床闯创怆 chui吹炊捶锤垂椎陲棰槌
chun春椿醇唇淳纯蠢莼鹑蝽 chuo戳绰啜辶辍踔龊 ci疵茨磁雌辞慈瓷词此刺赐次伺茈呲祠鹚糍 cong聪葱囱匆
cong从丛苁淙骢琮璁枞 cou凑辏腠 cu粗醋簇促卒蔟徂猝殂酢蹙蹴 cuan蹿篡窜攒汆撺爨镩 cui摧崔催脆瘁粹淬
cui翠萃啐悴璀榱毳 cun村存寸忖皴 cuo磋撮搓措挫错厝嵯脞锉矬痤鹾蹉 da搭达答瘩打大耷哒嗒怛妲沓褡笪靼
da鞑 dai呆歹傣戴带殆代贷袋待逮怠埭甙呔岱迨骀绐玳黛 dan耽担丹单郸掸胆旦氮但惮淡诞弹蛋儋萏啖澹殚赕
dan眈疸瘅聃箪 dang当挡党荡档谠凼菪宕砀铛裆 dao刀捣蹈倒岛祷导到稻悼道盗刂叨忉氘焘纛 de德得的锝
deng澄蹬灯登等瞪凳邓噔嶝戥磴镫簦 di的堤低滴迪敌笛狄涤翟嫡抵底地蒂第帝弟递缔氐籴诋谛邸荻嘀娣柢棣
di觌砥碲睇镝羝骶 dian颠掂滇碘点典靛垫电佃甸店惦奠淀殿阽坫巅玷钿癜癫簟踮 diao碉叼雕凋刁掉吊钓调铞
diao铫貂鲷 die跌爹碟蝶迭谍叠垤堞揲喋嗲牒瓞耋蹀鲽 ding丁盯叮钉顶鼎锭定订仃啶玎腚碇铤疔耵酊 diu丢
diu铥 dong东冬董懂动栋侗恫冻洞垌咚岽峒氡胨胴硐鸫 dou兜抖斗陡豆逗痘都蔸窦蚪篼 du都督毒犊独读堵睹
du赌杜镀肚度渡妒芏嘟渎椟牍碡蠹笃髑黩 duan端短锻段断缎椴煅簖 dui堆兑队对敦怼憝碓镦 dun墩吨蹲敦顿
dun囤钝盾遁沌炖砘礅盹趸 duo度掇哆多夺垛躲朵跺舵剁惰堕咄哚缍柁铎裰踱 e阿蛾峨鹅俄额讹娥恶厄扼遏鄂
e饿噩谔垩苊莪萼呃愕阏屙婀轭腭锇锷鹗颚鳄 en恩蒽摁 er而儿耳尔饵洱二贰佴迩珥铒鸸鲕 fa发罚筏伐乏阀法
fa珐垡砝 fan藩帆番翻樊矾钒繁凡烦反返范贩犯饭泛蕃蘩幡梵燔畈蹯 fang坊芳方肪房防妨仿访纺放匚邡枋钫
fang舫鲂 fei菲非啡飞肥匪诽吠肺废沸费芾狒悱淝妃绯榧腓斐扉镄痱蜚篚翡霏鲱 fen芬酚吩氛分纷坟焚汾粉奋
fen份忿愤粪偾瀵棼鲼鼢 feng丰封枫蜂峰锋风疯烽逢冯缝讽奉凤俸酆葑唪沣砜 fo佛 fou否缶 fu佛夫敷肤孵扶
fu拂辐幅氟符伏俘服浮涪福袱弗甫抚辅俯釜斧腑府腐赴副覆赋复傅付阜父腹负富讣附妇缚咐匐凫阝郛芙苻茯莩
fu菔拊呋幞怫滏艴孚驸绂绋桴赙祓砩黻黼罘稃馥蚨蜉蝠蝮麸趺跗鲋鳆 ga噶嘎轧伽尬呷尕尜旮钆 gai该改概钙
gai盖溉丐陔垓戤赅 gan干甘杆柑竿肝赶感秆敢赣坩苷尴擀泔淦澉绀橄旰矸疳酐 gang冈刚钢缸肛纲岗港杠扛戆
gang罡筻 gao篙皋高膏羔糕搞镐稿告睾诰郜藁缟槔槁杲锆 ge哥歌搁戈鸽胳疙割革葛格蛤阁隔铬个各咯鬲仡哿
ge圪塥嗝纥搿膈硌镉袼虼舸骼 gei给 gen根跟亘茛哏艮 geng耕更庚羹埂耿梗哽赓绠鲠 gong工攻功恭龚供躬公
gong宫弓巩汞拱贡共廾珙肱蚣觥 gou钩勾沟苟狗垢构购够佝诟岣遘媾缑枸觏彀笱篝鞲 gu辜菇咕箍估沽孤姑鼓
gu古蛊骨谷股故顾固雇贾嘏诂菰呱崮汩梏轱牯牿臌毂瞽罟钴锢鸪鹄痼蛄酤觚鲴鹘 gua刮瓜剐寡挂褂卦诖呱栝胍
gua鸹聒 guai乖拐怪掴 guan棺关官冠观管馆罐惯灌贯纶倌莞掼涫盥鹳鳏 guang光广逛咣犷桄胱 gui瑰规圭硅
gui归龟闺轨鬼诡癸桂柜跪贵刽傀炔匦匮刿庋宄妫桧晷皈簋鲑鳜 gun辊滚棍丨衮绲磙鲧 guo锅郭国果裹过馘埚
guo掴呙帼崞猓椁虢蜾蝈 ha蛤哈铪 hai骸孩海氦亥害骇还咳嗨胲醢 han酣憨邯韩含涵寒函喊罕翰撼捍旱憾悍焊
han汗汉邗菡撖阚瀚晗焓顸颔蚶鼾 hang夯杭航吭行沆绗珩颃 hao镐壕嚎豪毫郝好耗号浩貉蒿薅嗥嚆濠灏昊皓颢
hao蚝 he呵喝荷菏核禾和何合盒貉阂河涸赫褐鹤贺吓诃劾壑嗬阖曷盍颌蚵翮 hei嘿黑 hen痕很狠恨 heng哼亨
heng横衡恒蘅桁 hong轰哄烘虹鸿洪宏弘红黉訇讧荭蕻薨闳泓 hou喉侯猴吼厚候后堠後逅瘊篌糇鲎骺 hu呼乎忽
hu瑚壶葫胡蝴狐糊湖弧虎唬护互沪户冱唿囫岵猢怙惚浒滹琥槲轷觳烀煳戽扈祜瓠鹄鹕鹱虍笏醐斛鹘 hua花哗华
hua猾滑画划化话骅桦铧 huai槐徊怀淮坏踝 huan欢环桓还缓换患唤痪豢焕涣宦幻郇奂萑擐圜獾洹浣漶寰逭缳
huan锾鲩鬟 huang荒慌黄磺蝗簧皇凰惶煌晃幌恍谎隍徨湟潢遑璜肓癀蟥篁鳇 hui灰挥辉徽恢蛔回毁悔慧卉惠晦
hui贿秽会烩汇讳诲绘诙茴荟蕙咴哕喙隳洄浍彗缋珲晖恚虺蟪麾 hun荤昏婚魂浑混诨馄阍溷 huo豁活伙火获或
huo惑霍货祸劐藿攉嚯夥砉钬锪镬耠蠖 ji给击圾基机畸稽积箕肌饥迹激讥鸡姬绩缉吉极棘辑籍集及急疾汲即嫉
ji级挤几脊己蓟技冀季伎祭剂悸济寄寂计记既忌际妓继纪藉系丌亟乩剞佶偈诘墼芨芰荠蒺蕺掎叽咭哜唧岌嵴洎
ji彐屐骥畿玑楫殛戟戢赍觊犄齑矶羁嵇稷瘠虮笈笄暨跻跽霁鲚鲫髻麂 jia嘉枷夹佳家加荚颊贾甲钾假稼价架驾
jia嫁茄伽郏葭岬浃迦珈戛胛恝铗镓痂瘕袷蛱笳袈跏 jian歼监坚尖笺间煎兼肩艰奸缄茧检柬碱硷拣捡简俭剪减
jian荐槛鉴践贱见键箭件健舰剑饯渐溅涧建僭谏谫菅蒹搛囝湔蹇謇缣枧楗戋戬牮犍毽腱睑锏鹣裥笕翦趼踺鲣鞯
jiang僵姜将浆江疆蒋桨奖讲匠酱降茳洚绛缰犟礓耩糨豇 jiao蕉椒礁焦胶交郊浇骄娇嚼搅铰矫侥脚狡角饺缴绞
jiao剿教酵轿较叫窖觉校佼僬艽茭挢噍峤徼湫姣敫皎鹪蛟醮跤鲛 jie揭接皆秸街阶截劫节桔杰捷睫竭洁结解姐
jie戒藉芥界借介疥诫届讦诘卩拮喈嗟婕孑桀碣疖颉蚧羯鲒骱 jin巾筋斤金今津襟紧锦仅谨进靳晋禁近烬浸尽
jin劲卺荩堇噤馑廑妗缙瑾槿赆觐钅衿矜 jing劲荆兢茎睛晶鲸京惊精粳经井警景颈静境敬镜径痉靖竟竞净刭儆
jing阱菁獍憬泾迳弪婧肼胫腈旌靓 jiong炯窘冂迥炅扃 jiu揪究纠玖韭久灸九酒厩救旧臼舅咎就疚僦啾阄柩桕
jiu鸠鹫赳鬏 ju桔鞠拘狙疽居驹菊局咀矩举沮聚拒据巨具距踞锯俱句惧炬剧倨讵苣苴莒菹掬遽屦琚椐榘榉橘犋
ju飓钜锔窭裾趄醵踽龃雎鞫 juan捐鹃娟倦眷卷绢圈鄄狷涓桊蠲锩镌隽 jue嚼角撅攫抉掘倔爵觉决诀绝厥劂谲
jue矍蕨噘噱崛獗孓珏桷橛爝镢蹶觖 jun均菌钧军君峻俊竣浚郡骏捃皲麇 ka喀咖卡佧咔胩 kai开揩楷凯慨剀垲
kai蒈忾恺铠锎锴 kan槛刊堪勘坎砍看侃莰戡龛瞰 kang康慷糠扛抗亢炕伉闶钪 kao考拷烤靠尻栲犒铐 ke坷苛
ke柯棵磕颗科壳咳可渴克刻客课嗑岢恪溘骒缂珂轲氪瞌钶锞稞疴窠颏蝌髁 ken肯啃垦恳裉龈 keng坑吭铿
kong空恐孔控倥崆箜 kou抠口扣寇芤蔻叩眍筘 ku枯哭窟苦酷库裤刳堀喾绔骷 kua夸垮挎跨胯侉 kuai块筷侩快
kuai蒯郐哙狯脍 kuan宽款髋 kuang匡筐狂框矿眶旷况诓诳邝圹夼哐纩贶 kui亏盔岿窥葵奎魁馈愧溃馗匮夔隗
kui蒉揆喹喟悝愦逵暌睽聩蝰篑跬 kun坤昆捆困悃阃琨锟醌鲲髡 kuo括扩廓阔蛞 la垃拉喇蜡腊辣啦剌邋旯砬瘌
lai莱来赖崃徕涞濑赉睐铼癞籁 lan蓝婪栏拦篮阑兰澜谰揽览懒缆烂滥岚漤榄斓罱镧褴 lang琅榔狼廊郎朗浪莨
lang蒗啷阆锒稂螂 lao捞劳牢老佬姥酪烙涝潦唠崂栳铑铹痨耢醪 le勒乐肋了仂叻泐鳓 lei勒雷镭蕾磊累儡垒
lei擂肋类泪羸诔嘞嫘缧檑耒酹 leng棱楞冷塄愣 li厘梨犁黎篱狸离漓理李里鲤礼莉荔吏栗丽厉励砾历利傈例
li俐痢立粒沥隶力璃哩俪俚郦坜苈莅蓠藜呖唳喱猁溧澧逦娌嫠骊缡枥栎轹戾砺詈罹锂鹂疠疬蛎蜊蠡笠篥粝醴跞
li雳鲡鳢黧 lia俩 lian联莲连镰廉怜涟帘敛脸链恋炼练蔹奁潋濂琏楝殓臁裢裣蠊鲢 liang俩粮凉梁粱良两辆
liang量晾亮谅墚莨椋踉靓魉 liao撩聊僚疗燎寥辽潦了撂镣廖料蓼尥嘹獠寮缭钌鹩 lie列裂烈劣猎冽埒捩咧洌
lie趔躐鬣 lin琳林磷霖临邻鳞淋凛赁吝拎蔺啉嶙廪懔遴檩辚膦瞵粼躏麟 ling玲菱零龄铃伶羚凌灵陵岭领另令
ling酃苓呤囹泠绫柃棂瓴聆蛉翎鲮 liu溜琉榴硫馏留刘瘤流柳六陆浏遛骝绺旒熘锍镏鹨鎏 long龙聋咙笼窿隆
long垄拢陇垅茏泷珑栊胧砻癃 lou楼娄搂篓漏陋露偻蒌喽嵝镂瘘耧蝼髅 lu芦卢颅庐炉掳卤虏鲁麓碌露路赂鹿
lu潞禄录陆戮垆撸噜泸渌漉逯璐栌橹轳辂辘氇胪镥鸬鹭簏舻鲈 luan峦挛孪滦卵乱脔娈栾鸾銮 lun抡轮伦仑沦
lun纶论囵 luo萝螺罗逻锣箩骡裸落洛骆络倮蠃荦捋摞猡泺漯珞椤脶镙瘰雒 lv驴吕铝侣旅履屡缕虑氯律率滤绿
lv偻捋闾榈膂稆褛 lve掠略锊 ma妈麻玛码蚂马骂嘛吗唛犸嬷杩蟆 mai埋买麦卖迈脉劢荬霾 man埋瞒馒蛮满蔓
man曼慢漫谩墁幔缦熳镘颟螨鳗鞔 mang芒茫盲氓忙莽邙漭硭蟒 mao猫茅锚毛矛铆卯茂冒帽貌贸袤茆峁泖瑁昴牦
mao耄旄懋瞀蝥蟊髦 me么 mei玫枚梅酶霉煤没眉媒镁每美昧寐妹媚糜莓嵋猸浼湄楣镅鹛袂魅 men门闷们扪焖懑
men钔 meng氓萌蒙檬盟锰猛梦孟勐甍瞢懵朦礞虻蜢蠓艋艨 mi眯醚靡糜迷谜弥米秘觅泌蜜密幂芈冖谧蘼咪嘧猕
mi汨宓弭脒祢敉糸縻麋 mian棉眠绵冕免勉娩缅面沔渑湎宀腼眄 miao苗描瞄藐秒渺庙妙喵邈缈杪淼眇鹋 mie蔑
mie灭乜咩蠛篾 min民抿皿敏悯闽苠岷闵泯缗珉愍黾鳘 ming明螟鸣铭名命冥茗溟暝瞑酩 miu谬缪 mo脉没摸摹
mo蘑模膜磨摩魔抹末莫墨默沫漠寞陌谟茉蓦馍嫫殁镆秣瘼耱貊貘麽 mou谋牟某侔哞缪眸蛑鍪 mu模牟拇牡亩姆
mu母墓暮幕募慕木目睦牧穆仫坶苜沐毪钼 na拿哪呐钠那娜纳捺肭镎衲 nai氖乃奶耐奈鼐艿萘柰 nan南男难喃
nan囡楠腩蝻赧 nang囊攮囔馕曩 nao挠脑恼闹淖孬垴呶猱瑙硇铙蛲 ne呢讷疒 nei馁内 nen嫩恁 neng能 ni呢
ni妮霓倪泥尼拟你匿腻逆溺伲坭猊怩昵旎睨铌鲵 nian蔫拈年碾撵捻念粘辗廿埝辇黏鲇鲶 niang娘酿 niao溺鸟
niao尿茑嬲脲袅 nie捏聂孽啮镊镍涅陧蘖嗫颞臬蹑 nin您 ning柠狞凝宁拧泞佞咛甯聍 niu牛扭钮纽拗狃忸妞
nong脓浓农弄侬哝 nou耨 nu奴努怒弩胬孥驽 nuan暖 nuo娜挪懦糯诺傩搦喏锘 nv女恧钕衄 nve虐疟 o哦喔噢
ou欧鸥殴藕呕偶沤讴怄瓯耦 pa扒耙啪趴爬帕怕琶葩杷筢 pai拍排牌徘湃派俳蒎哌 pan攀潘盘磐盼畔判叛胖拚
pan爿泮袢襻蟠蹒 pang磅乓庞旁耪胖彷滂逄螃 pao抛咆刨炮袍跑泡匏狍庖脬疱 pei呸胚培裴赔陪配佩沛辔帔旆
pei锫醅霈 pen喷盆湓 peng砰抨烹澎彭蓬棚硼篷膨朋鹏捧碰堋嘭怦蟛 pi被辟否坯砒霹批披劈琵毗啤脾疲皮匹
pi痞僻屁譬丕仳陴邳郫圮埤鼙芘擗噼庀淠媲纰枇甓睥罴铍癖裨疋蚍蜱貔 pian扁便篇偏片骗谝骈犏胼翩蹁
piao飘漂瓢票朴剽莩嘌嫖骠缥殍瞟螵 pie撇瞥丿苤氕 pin拼频贫品聘姘嫔榀牝颦 ping冯乒坪苹萍平凭瓶评屏
ping俜娉枰鲆 po泊坡泼颇婆破魄迫粕叵鄱珀钋钷皤笸 pou剖裒掊 pu堡脯扑铺仆莆葡菩蒲埔朴圃普浦谱曝瀑匍
pu噗溥濮璞攴氆攵镤镨蹼 qi期欺栖戚妻七凄漆柒沏其棋奇歧畦崎脐齐旗祈祁骑起岂乞企启契砌器气迄弃汽泣
qi讫亓俟圻芑芪萁萋葺蕲嘁屺岐汔淇骐绮琪琦杞桤槭耆祺憩碛颀蛴蜞綦綮蹊鳍麒 qia卡掐恰洽葜髂 qian牵扦
qian钎铅千迁签仟谦乾黔钱钳前潜遣浅谴堑嵌欠歉纤倩佥阡凵芊芡茜掮岍悭慊骞搴褰缱椠肷愆钤虔箝 qiang枪
qiang呛腔羌墙蔷强抢丬戕嫱樯戗炝锖锵镪襁蜣羟跄 qiao壳橇锹敲悄桥瞧乔侨巧鞘撬翘峭俏窍劁诮谯荞愀憔缲
qiao樵硗跷鞒 qie切茄且怯窃伽郄惬妾挈锲箧 qin钦侵亲秦琴勤芹擒禽寝沁芩揿吣嗪噙溱檎锓螓衾 qing青轻
qing氢倾卿清擎晴氰情顷请庆苘圊檠磬蜻罄箐綮謦鲭黥 qiong琼穷邛芎茕穹蛩筇跫銎 qiu秋丘邱球求囚酋泅俅
qiu巯犰逑遒楸赇虬蚯蝤裘糗鳅鼽 qu趋区蛆曲躯屈驱渠取娶龋趣去诎劬苣蕖蘧岖衢阒璩觑氍朐祛磲鸲癯蛐蠼麴
qu瞿黢 quan圈颧权醛泉全痊拳犬券劝诠荃犭悛绻辁畎铨蜷筌鬈 que缺瘸却鹊榷确雀阕阙悫 qun裙群逡 ran然
ran燃冉染苒蚺髯 rang瓤壤攘嚷让禳穰 rao饶扰绕荛娆桡 re惹热 ren壬仁人忍韧任认刃妊纫亻仞荏葚饪轫稔
ren衽 reng扔仍 ri日 rong戎茸蓉荣融熔溶容绒冗嵘狨榕肜蝾 rou揉柔肉糅蹂鞣 ru茹蠕儒孺如辱乳汝入褥蓐
ru薷嚅洳溽濡缛铷襦颥 ruan软阮朊 rui蕊瑞锐芮蕤枘睿蚋 run闰润 ruo若弱偌箬 sa撒洒萨卅仨挲脎飒 sai腮
sai鳃塞赛噻 san三叁伞散馓毵糁 sang桑嗓丧搡磉颡 sao搔骚扫嫂埽缫臊瘙鳋 se塞瑟色涩啬铯穑 sen森
seng僧 sha莎砂杀刹沙纱傻啥煞厦唼歃铩痧裟霎鲨 shai筛晒酾 shan珊苫杉山删煽衫闪陕擅赡膳善汕扇缮栅剡
shan讪鄯埏芟彡潸姗嬗骟膻禅钐疝蟮舢跚鳝 shang墒伤商赏晌上尚裳垧绱殇熵觞 shao梢捎稍烧芍勺韶少哨邵
shao绍劭苕潲杓蛸筲艄 she奢赊蛇舌舍赦摄射慑涉社设折厍佘猞滠歙畲麝 shei谁 shen参砷申呻伸身深娠绅神
shen沈审婶甚肾慎渗什诜谂莘哂渖椹胂矧蜃 sheng声生甥牲升绳省盛剩胜圣嵊眚笙 shi匙师失狮施湿诗尸虱十
shi石拾时什食蚀实识史矢使屎驶始式示士世柿事拭誓逝势是嗜噬适仕侍释饰氏市恃室视试似谥埘莳蓍弑饣轼
shi贳炻礻铈螫舐筮豉豕鲥鲺 shou收手首守寿授售受瘦兽扌狩绶艏 shu蔬枢梳殊抒输叔舒淑疏书赎孰熟薯暑曙
shu署蜀黍鼠属术述树束戍竖墅庶数漱恕倏塾菽摅沭澍姝纾毹腧殳秫 shua刷耍唰 shuai率摔衰甩帅蟀 shuan栓
shuan拴闩涮 shuang霜双爽孀 shui谁水睡税氵 shun吮瞬顺舜 shuo说硕朔烁蒴搠妁槊铄 si斯撕嘶思私司丝死
si肆寺嗣四伺似饲巳厮俟兕厶咝汜泗澌姒驷纟缌祀锶鸶耜蛳笥 song松耸怂颂送宋讼诵凇菘崧嵩忪悚淞竦
sou搜艘擞嗽叟薮嗖嗾馊溲飕瞍锼螋 su苏酥俗素速粟僳塑溯宿诉肃夙谡蔌嗉愫涑簌觫稣 suan酸蒜算狻 sui虽
sui隋随绥髓碎岁穗遂隧祟谇荽濉邃燧眭睢 sun孙损笋荪狲飧榫隼 suo蓑梭唆缩琐索锁所唢嗦嗍娑桫睃羧 ta塌
ta他它她塔獭挞蹋踏拓嗒闼溻遢榻沓铊趿鳎 tai胎苔抬台泰酞太态汰邰薹肽炱钛跆鲐 tan弹坍摊贪瘫滩坛檀痰
tan潭谭谈坦毯袒碳探叹炭郯昙忐钽锬覃 tang汤塘搪堂棠膛唐糖倘躺淌趟烫傥帑饧溏瑭樘铴镗耥螗螳羰醣
tao掏涛滔绦萄桃逃淘陶讨套鼗叨啕洮韬饕 te特忒忑慝铽 teng藤腾疼誊滕 ti梯剔踢锑提题蹄啼体替嚏惕涕剃
ti屉倜荑悌逖绨缇鹈裼醍 tian天添填田甜恬舔腆掭忝阗殄畋 tiao调挑条迢眺跳佻祧窕蜩笤粜龆鲦髫 tie贴铁
tie帖萜餮 ting厅听烃汀廷停亭庭挺艇莛葶婷梃町蜓霆 tong通桐酮瞳同铜彤童桶捅筒统痛佟僮仝茼嗵恸潼砼
tou偷投头透亠钭骰 tu凸秃突图徒途涂屠土吐兔堍荼菟钍酴 tuan湍团抟彖疃 tui推颓腿蜕褪退煺 tun囤吞屯
tun臀氽饨暾豚 tuo拖托脱鸵陀驮驼椭妥拓唾乇佗坨庹沲沱柝橐砣箨酡跎鼍 wa挖哇蛙洼娃瓦袜佤娲腽 wai歪外
wai崴 wan蔓豌弯湾玩顽丸烷完碗挽晚皖惋宛婉万腕剜芄莞菀纨绾琬脘畹蜿 wang汪王亡枉网往旺望忘妄罔惘辋
wang魍 wei威巍微危韦违桅围唯惟为潍维苇萎委伟伪尾纬未蔚味畏胃喂魏位渭谓尉慰卫偎诿隈隗圩葳薇囗帏帷
wei嵬猥猬闱沩洧涠逶娓玮韪軎炜煨痿艉鲔 wen瘟温蚊文闻纹吻稳紊问刎阌汶玟璺雯 weng嗡翁瓮蓊蕹 wo挝蜗
wo涡窝我斡卧握沃倭莴喔幄渥肟硪龌 wu恶巫呜钨乌污诬屋无芜梧吾吴毋武五捂午舞伍侮坞戊雾晤物勿务悟误
wu兀仵阢邬圬芴呒唔庑怃忤浯寤迕妩婺骛杌牾焐鹉鹜痦蜈鋈鼯 xi昔熙析西硒矽晰嘻吸锡牺稀息希悉膝夕惜熄
xi烯溪汐犀檄袭席习媳喜铣洗系隙戏细僖兮隰郗茜菥葸蓰奚唏徙饩阋浠淅屣嬉玺樨曦觋欷熹禊禧皙穸裼蜥螅蟋
xi舄舾羲粞翕醯蹊鼷 xia瞎虾匣霞辖暇峡侠狭下厦夏吓呷狎遐瑕柙硖罅黠 xian掀锨先仙鲜纤咸贤衔舷闲涎弦
xian嫌显险现献县腺馅羡宪陷限线冼苋莶藓岘猃暹娴氙燹祆鹇痫蚬筅籼酰跣跹霰 xiang降相厢镶香箱襄湘乡翔
xiang祥详想响享项巷橡像向象芗葙饷庠骧缃蟓鲞飨 xiao萧硝霄削哮嚣销消宵淆晓小孝校肖啸笑效哓崤潇逍骁
xiao绡枭枵筱箫魈 xie楔些歇蝎鞋协挟携邪斜胁谐写械卸蟹懈泄泻谢屑偕亵勰燮薤撷獬廨渫瀣邂绁缬榭榍躞
xin薪芯锌欣辛新忻心信衅囟馨忄昕歆鑫 xing省星腥猩惺兴刑型形邢行醒幸杏性姓陉荇荥擤悻硎 xiong兄凶胸
xiong匈汹雄熊 xiu臭宿休修羞朽嗅锈秀袖绣咻岫馐庥溴鸺貅髹 xu墟戌需虚嘘须徐许蓄酗叙旭序畜恤絮婿绪续
xu吁诩勖蓿洫溆顼栩煦盱胥糈醑 xuan轩喧宣悬旋玄选癣眩绚儇谖萱揎泫渲漩璇楦暄炫煊碹铉镟痃 xue削靴薛
xue学穴雪血谑泶踅鳕 xun勋熏循旬询寻驯巡殉汛训讯逊迅巽埙荀荨蕈薰峋徇獯恂洵浔曛窨醺鲟 ya压押鸦鸭呀
ya丫芽牙蚜崖衙涯雅哑亚讶轧伢垭揠吖岈迓娅琊桠氩砑睚痖 yan焉咽阉烟淹盐严研蜒岩延言颜阎炎沿奄掩眼衍
yan演艳堰燕厌砚雁唁彦焰宴谚验厣赝俨偃兖讠谳郾鄢芫菸崦恹闫湮滟妍嫣琰檐晏胭腌焱罨筵酽魇餍鼹 yang殃
yang央鸯秧杨扬佯疡羊洋阳氧仰痒养样漾徉怏泱炀烊恙蛘鞅 yao疟邀腰妖瑶摇尧遥窑谣姚咬舀药要耀钥夭爻吆
yao崾徭幺珧杳轺曜肴鹞窈繇鳐 ye咽椰噎耶爷野冶也页掖业叶曳腋夜液靥谒邺揶晔烨铘 yi艾一壹医揖铱依伊
yi衣颐夷遗移仪胰疑沂宜姨彝椅蚁倚已乙矣以艺抑易邑屹亿役臆逸肄疫亦裔意毅忆义益溢诣议谊译异翼翌绎刈
yi劓佚佾诒圯埸懿苡薏弈奕挹弋呓咦咿噫峄嶷猗饴怿怡悒漪迤驿缢殪轶贻欹旖熠眙钇镒镱痍瘗癔翊衤蜴舣羿翳
yi酏黟 yin茵荫因殷音阴姻吟银淫寅饮尹引隐印胤鄞廴垠堙茚吲喑狺夤洇氤铟瘾蚓霪龈 ying英樱婴鹰应缨莹
ying萤营荧蝇迎赢盈影颖硬映嬴郢茔莺萦蓥撄嘤膺滢潆瀛瑛璎楹媵鹦瘿颍罂 yo哟唷 yong拥佣臃痈庸雍踊蛹咏
yong泳涌永恿勇用俑壅墉喁慵邕镛甬鳙饔 you幽优悠忧尤由邮铀犹油游酉有友右佑釉诱又幼卣攸侑莠莜莸尢呦
you囿宥柚猷牖铕疣蚰蚴蝣鱿黝鼬 yu尉迂淤于盂榆虞愚舆余俞逾鱼愉渝渔隅予娱雨与屿禹宇语羽玉域芋郁吁遇
yu喻峪御愈欲狱育誉浴寓裕预豫驭粥禺毓伛俣谀谕萸蓣揄圄圉嵛狳饫馀庾阈鬻妪妤纡瑜昱觎腴欤於煜燠肀聿钰
yu鹆鹬瘐瘀窬窳蜮蝓竽臾舁雩龉 yuan鸳渊冤元垣袁原援辕园员圆猿源缘远苑愿怨院垸塬掾沅媛瑗橼爰眢鸢螈
yuan箢鼋 yue乐曰约越跃钥岳粤月悦阅龠瀹樾刖钺 yun耘云郧匀陨允运蕴酝晕韵孕郓芸狁恽愠纭韫殒昀氲熨筠
za匝砸杂咱扎咋拶咂 zai栽哉灾宰载再在仔崽甾 zan咱攒暂赞拶瓒昝簪糌趱錾 zang藏赃脏葬奘驵臧 zao遭糟
zao凿藻枣早澡蚤躁噪造皂灶燥唣 ze责择则泽咋仄赜啧帻迮昃笮箦舴 zei贼 zen怎谮 zeng增憎曾赠缯甑罾锃
zha扎喳渣札轧铡闸眨栅榨乍炸诈柞揸吒咤哳楂砟痄蚱齄 zhai摘斋宅窄债寨砦瘵 zhan颤瞻毡詹粘沾盏斩辗崭
zhan展蘸栈占战站湛绽谵搌旃 zhang长樟章彰漳张掌涨杖丈帐账仗胀瘴障仉鄣幛嶂獐嫜璋蟑 zhao朝招昭找沼
zhao赵照罩兆肇召爪着诏啁棹钊笊 zhe遮折哲蛰辙者锗蔗这浙着谪摺柘辄磔鹧褶蜇螫赭 zhen珍斟真甄砧臻贞
zhen针侦枕疹诊震振镇阵帧圳蓁浈缜桢榛轸赈胗朕祯畛稹鸩箴 zheng蒸挣睁征狰争怔整拯正政症郑证诤峥徵钲
zheng铮筝 zhi芝枝支吱蜘知肢脂汁之织职直植殖执值侄址指止趾只旨纸志挚掷至致置帜峙制智秩稚质炙痔滞
zhi治窒卮陟郅埴芷摭帙徵夂忮彘咫骘栉枳栀桎轵轾贽胝膣祉祗黹雉鸷痣蛭絷酯跖踬踯豸觯 zhong中盅忠钟衷
zhong终种肿重仲众冢锺螽舯踵 zhou舟周州洲诌粥轴肘帚咒皱宙昼骤荮妯纣绉柚胄籀酎 zhu属珠株蛛朱猪诸诛
zhu逐竹烛煮拄瞩嘱主著柱助蛀贮铸筑住注祝驻丶伫侏邾苎茱洙渚潴杼槠橥炷铢疰瘃褚竺箸舳翥躅麈 zhua抓爪
zhuai拽 zhuan传专砖转撰赚篆啭馔颛 zhuang桩庄装妆撞壮状 zhui椎锥追赘坠缀惴骓缒隹 zhun谆准肫窀
zhuo著捉拙卓桌琢茁酌啄着灼浊倬诼擢浞涿濯禚斫镯 zi兹咨资姿滋淄孜紫仔籽滓子自渍字谘嵫姊孳缁梓辎赀
zi恣眦锱秭耔笫粢趑觜訾龇鲻髭 zong鬃棕踪宗综总纵偬腙粽 zou邹走奏揍诹陬鄹驺楱鲰 zu租足卒族祖诅阻组
zu俎镞 zuan钻纂攥缵躜 zui嘴醉最罪蕞 zun尊遵撙樽鳟 zuo琢昨左佐柞做作坐座阼唑怍胙祚
"""
#: Read so in names of places (喀喇沁 kalaqin, 什 in 克什克腾, 察干淖尔).
_IN_PLACES: Final = "la喇 shi什 nao淖 lai赉 zha扎 e额 a阿 du都 pu仆 ga嘎 ge圪 bo泊 mo莫"
#: At most so many readings of a whole are told apart; nothing real has more.
_MOST: Final = 8


def _read() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for group in (*_TABLE.split(), *_IN_PLACES.split()):
        chars = group.lstrip("abcdefghijklmnopqrstuvwxyz")
        syllable = group[: len(group) - len(chars)]
        for char in chars:
            if syllable not in found.get(char, ()):
                found[char] = (*found.get(char, ()), syllable)
    return found


_READINGS: Final = _read()
_SYLLABLES: Final = frozenset(syllable for each in _READINGS.values() for syllable in each)


def readings(char: str) -> tuple[str, ...]:
    """Every syllable it is read with; none of what is not in the table."""
    return _READINGS.get(char, ())


def read_as(chars: str) -> Iterator[tuple[str, ...]]:
    """Every way to read some characters; none where one of them has no reading."""
    yield from product(*map(readings, chars))


@lru_cache(maxsize=1_024)
def syllables(letters: str) -> tuple[tuple[str, ...], ...]:
    """The ways to cut a run of letters into syllables: xian is xian or xi an."""
    if not letters:
        return ((),)
    found = [
        (letters[:end], *rest)
        for end in range(min(6, len(letters)), 0, -1)
        if letters[:end] in _SYLLABLES
        for rest in syllables(letters[end:])
    ]
    return tuple(found[:_MOST])
