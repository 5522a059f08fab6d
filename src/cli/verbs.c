/* verbs.c - the table of verbs. */
#include "cli/cli_p.h"

#define END                                                                                        \
	{                                                                                          \
		NULL, NULL, NULL                                                                   \
	}
#define OF_UNIT                                                                                    \
	{                                                                                          \
		"unit", "税号[@环境]", "只列这个单位的，直连单位也可以"             \
	}
#define PAGING                                                                                     \
	{"limit", "行数", "每页行数，1 至 1000，默认 50"},                                         \
	{                                                                                          \
		"cursor", "游标", "从上一页的 next 继续"                                    \
	}

#define UNIT_CONDITIONS                                                                            \
	{"role", "direct|using", "只列直连单位或使用单位"}, {"name", "文字", "名称包含"},          \
	    {"taxno", "文字", "税号包含"}, {"project", "文字", "渠道/项目名称包含"},               \
	    {"filing-region", "文字", "备案地区包含"}, {"proxy", "文字", "代理服务地址包含"},      \
	{                                                                                          \
		"state", "verified|unverified|frozen", "验证通过、未验证或已冻结的"   \
	}
static const struct option UNIT_LIST[] = {UNIT_CONDITIONS, END};
static const struct option UNIT_EXPORT[] = {
    UNIT_CONDITIONS,
    {"fields", "列", "只要这几列，逗号分开，如 乐企ID,税号,企业名称"},
    {"csv", "utf8bom|utf8|gbk", "写成 CSV；默认看 -o 的文件名：.csv 为 utf8bom，其余 xlsx"},
    {"replace", NULL, "覆盖已有的文件"},
    {"o", "路径", "文件或目录，- 为标准输出；默认当前目录"},
    END};
static const struct option UNIT_REF[] = {{"role", "direct|using", "税号同时是两种单位时指明"},
					 {"env", "正式|沙箱|演练", "同一税号在几个环境时指明"},
					 END};
static const struct option UNIT_REMOVE[] = {
    {"role", "direct|using", "税号同时是两种单位时指明"},
    {"env", "正式|沙箱|演练", "同一税号在几个环境时指明"},
    {"force", NULL, "先备份，再连同它的发票、号码、额度、购方、商品移除"},
    END};
static const struct option UNIT_FREEZE[] = {{"env", "正式|沙箱|演练", "同一税号在几个环境时指明"},
					    {"reason", "文字", "原因，记入审计"},
					    END};
#define UNIT_FIELDS                                                                                \
	{"name", "名称", "企业名称"}, {"taxno", "税号", "统一社会信用代码或纳税人识别号"},         \
	    {"leqi-id", "乐企ID", "平台编号，20 位"},                                              \
	    {"key-file", "文件", "API 密钥文件，32 位十六进制，读一次即密封"},                     \
	    {"url", "地址", "接入地址，以 /invoke 结尾"},                                          \
	    {"ca-file", "文件", "接入地址自有的 CA 证书（PEM）"},                                  \
	    {"connect-to", "主机:端口", "转发地址；仍按接入地址的域名验证证书"},                   \
	    {"proxy", "主机:端口", "HTTP 代理服务器，用 CONNECT 建立连接"},                        \
	    {"tls-name", "域名", "接入地址写代理的 IP 时，按这个名称验证证书"},                    \
	    {"abilities", "能力", "接入能力，逗号分开；基础和归集自用必选"},                       \
	    {"project", "文字", "渠道/项目名称"}, {"filing-region", "地区", "备案地区"},           \
	    {"issue-channel", "通道", "leqi、leqi-joint、portal、disk、cert 或中文名称"},          \
	    {"collect-channel", "通道", "收票通道，写法相同；无 为没有"},                          \
	    {"handler", "身份", "经办身份：法定代表人、财务负责人、办税员"},                       \
	    {"granted", "日期", "授权日期"}, {"direct", "税号", "使用单位所属的直连单位"},         \
	    {"relation", "self|joint", "自用或联用，默认 self"},                                   \
	    {"region", "区域代码", "销方省级税务机关代码，默认由税号得出"},                        \
	    {"address", "地址", "地址"}, {"phone", "电话", "电话"}, {"bank", "开户行", "开户行"},  \
	    {"account", "账号", "银行账号"},                                                       \
	{                                                                                          \
		"edition", "版本", "接口版本，默认 4.000"                                   \
	}
static const struct option UNIT_ADD[] = {{"role", "direct|using", "直连单位或使用单位"},
					 {"env", "正式|沙箱|演练", "环境，默认由地址得出"},
					 UNIT_FIELDS,
					 END};
static const struct option NUMBERS_LIST[] = {
    {"from", "日期", "领购时间起"}, {"to", "日期", "领购时间止"}, PAGING, END};
static const struct option NUMBERS_CLAIM[] = {
    {"continue", "编号", "接着领这次领购没有领到的，业务流水号不变，不会重复"}, END};
static const struct option NUMBERS_CLAIMS[] = {PAGING, END};
static const struct option NUMBERS_AUTO[] = {
    {"below", "份数", "库存低于多少时领购"}, {"claim", "份数", "每次领购多少"}, END};
static const struct option QUOTA_AUTO[] = {
    {"download", "on|off", "月初自动下载额度"},
    {"adjust", "on|off", "自动调整有效期"},
    {"percent", "比例", "下载可用额度的百分之几，默认 80"},
    {"cap", "金额", "按需开票：按多少元的百分之几下载，0：上月用量的两倍、至少 100 万"},
    END};
static const struct option TAXPAYER_CHANGES[] = {
    {"key", "项目", "只列这一项：name、credit_grade……；税率 rates.0.13，全部税率 rates."},
    PAGING,
    END};
static const struct option QUOTA_LIST[] = {{"month", "YYYY-MM", "属期，默认本月"}, PAGING, END};
/* Checked by the verb: the words go together. */
#define KIND_WORDS                                                                                 \
	"种类", "special 数电专票、ordinary 数电普票，blue 蓝字、red 红字；连用如 special,red"
#define INVOICE_CONDITIONS                                                                         \
	{"from", "日期", "创建时间起"}, {"to", "日期", "创建时间止"}, {"kind", KIND_WORDS},        \
	    {"buyer", "文字", "购方名称包含；#编号：这个购方的，含改名以前的"},                    \
	    {"business-type", "业务类型", "业务类型的名称或 #编号"},                               \
	    {"state",                                                                              \
	     "draft|numbered|sending|accepted|issued|failed|"                                      \
	     "unknown|void",                                                                       \
	     "状态"},                                                                              \
	    {"issued-from", "日期", "开票日期起"}, {"issued-to", "日期", "开票日期止（含当天）"},  \
	    {"order-no", "订单号", "订单号"}, {"number", "号码", "20 位发票号码"},                 \
	    {"unfinished", NULL, "只列结果未定的"},                                                \
	    {"find", "文字", "几个词都有：购方、税号、订单号、号码、项目、备注的任何一处"},        \
	    {"amount-from", "金额", "价税合计不低于"}, {"amount-to", "金额", "价税合计不高于"},    \
	    {"number-part", "数字", "号码包含"}, {"remark", "文字", "备注（和附加要素）包含"},     \
	    {"reversed", "partial|whole", "部分红冲的，全部红冲的"},                               \
	{                                                                                          \
		"drawer", "文字", "开票人包含"                                                \
	}
static const struct option INVOICES_LIST[] = {
    INVOICE_CONDITIONS, {"last", NULL, "最后一页"}, PAGING, END};
static const struct option INVOICES_EXPORT[] = {
    INVOICE_CONDITIONS,
    {"month", "YYYY-MM", "开票成功、开票日期在这个月的，代替其他条件（--kind 除外）"},
    {"csv", "utf8bom|utf8|gbk", "写成 CSV，默认 xlsx（两张表）"},
    {"lines", NULL, "CSV 里每行明细一行，默认每张发票一行"},
    {"replace", NULL, "覆盖已有的文件"},
    {"o", "路径", "文件或目录，- 为标准输出；默认当前目录"},
    END};
static const struct option INVOICES_ZIP[] = {
    {"month", "YYYY-MM", "开票日期在这个月的全部"},
    {"kind", KIND_WORDS},
    {"formats", "pdf,ofd,xml", "要哪几种，默认三种"},
    {"naming", "规则", "文件名规则，默认按 param get files naming"},
    {"replace", NULL, "覆盖已有的文件"},
    {"o", "路径", "文件或目录，- 为标准输出；默认当前目录"},
    END};
static const struct option HEALTH[] = {
    {"older", "分钟", "没有结果超过多久算卡住，默认 60"},
    {"numbers", "份数", "号码低于多少算少，默认按自动领购的设置"},
    {"quota", "金额", "额度低于多少算少，默认是已下载的十分之一"},
    {"red-hours", "小时", "等我方确认的红字确认单还剩多少算急，默认 12"},
    END};
static const struct option INVOICES_SETTLE[] = {
    {"issued", NULL, "税局已有这张发票，内容一致"},
    {"void", NULL, "税局没有，或是另一张发票：号码作废，订单可以重开"},
    {"reason", "文字", "理由，记入审计"},
    END};
static const struct option INVOICES_FILE[] = {
    {"format", "pdf|ofd|xml|txt", "格式，默认按文件名，否则 pdf"},
    {"o", "路径", "写到文件或目录，- 为标准输出"},
    {"replace", NULL, "覆盖已有的文件"},
    END};
#define SELLER                                                                                     \
	{                                                                                          \
		"seller", "税号", "销方，只管这一次"                                       \
	}
static const struct option TYPES_LIST[] = {{"find", "文字", "名称包含"}, SELLER, PAGING, END};
static const struct option TYPES_SET[] = {{"name", "名称", "最多 50 字节（25 个汉字）"},
					  {"note", "说明", "最多 60 字节（30 个汉字）"},
					  SELLER,
					  END};
static const struct option TYPES_REF[] = {SELLER, END};
#define BUYER_CONDITIONS                                                                           \
	{"find", "文字", "任何一处：名称、税号、电话、简码、拼音首字母或全拼"},                    \
	    {"name", "文字", "名称包含"}, {"tax-no", "文字", "税号包含"},                          \
	    {"mnemonic", "文字", "简码包含，或名称的拼音首字母以此开头"},                          \
	    {"phone", "文字", "电话包含"},                                                         \
	{                                                                                          \
		"twins", NULL, "只列重复的：税号或名称与另一个相同"               \
	}
#define BUYER_FIELDS                                                                               \
	{"name", "名称", "名称"}, {"tax-no", "税号", "统一社会信用代码或纳税人识别号"},            \
	    {"mnemonic", "简码", "简码，用来查找"}, {"address", "地址", "地址"},                   \
	    {"phone", "电话", "电话"}, {"bank", "开户行", "开户行"},                               \
	    {"account", "账号", "银行账号"}, {"email", "邮箱", "邮箱"},                            \
	    {"mobile", "手机", "手机"}, {"person", "yes|no", "自然人"},                            \
	{                                                                                          \
		"keep-twin", NULL, "税号或名称与已有的相同也保存"                    \
	}
#define GOODS_CONDITIONS                                                                           \
	{"find", "文字", "任何一处：名称、简码、编码、拼音首字母或全拼"},                          \
	    {"name", "文字", "名称包含"},                                                          \
	    {"mnemonic", "文字", "简码包含，或名称的拼音首字母以此开头"},                          \
	    {"tax-code", "编码", "税收编码以此开头"}, {"short-name", "文字", "税收简称包含"},      \
	    {"unusable", NULL, "只列要处理的：没有编码或税率，编码不能用"},                        \
	{                                                                                          \
		"twins", NULL, "只列重复的：名称和规格型号与另一个相同"         \
	}
#define GOODS_FIELDS                                                                               \
	{"name", "名称", "名称"}, {"tax-code", "编码", "19 位税收编码"},                           \
	    {"short-name", "简称", "税收简称，默认由编码得出"}, {"category", "分类", "项目分类"},  \
	    {"spec", "规格型号", "规格型号"}, {"unit", "单位", "单位"}, {"price", "单价", "单价"}, \
	    {"inclusive", "yes|no", "单价是否含税，默认 yes"}, {"rate", "税率", "如 0.13 或 13%"}, \
	    {"mnemonic", "简码", "简码，用来查找"}, {"preference", "优惠政策", "两位代码或名称"},  \
	{                                                                                          \
		"keep-twin", NULL, "与已有的名称和规格相同也保存"                    \
	}
#define IMPORTING                                                                                  \
	{"dry-run", NULL, "只检查，不导入"}, {"partial", NULL, "只导入没有问题的行"},              \
	{                                                                                          \
		"failures", "文件", "失败的行和原因写到哪里"                            \
	}
#define WRITING                                                                                    \
	{"csv", "utf8bom|utf8|gbk", "写成 CSV；默认看 -o 的文件名：.csv 为 utf8bom，其余 xlsx"},   \
	    {"replace", NULL, "覆盖已有的文件"},                                                   \
	{                                                                                          \
		"o", "路径", "文件或目录，- 为标准输出；默认当前目录"            \
	}
static const struct option BUYERS_LIST[] = {BUYER_CONDITIONS, SELLER, PAGING, END};
static const struct option BUYERS_SET[] = {BUYER_FIELDS, SELLER, END};
static const struct option ADDRESS[] = {{"address", "地址", "地址"},
					{"phone", "电话", "电话"},
					{"bank", "开户行", "开户行"},
					{"account", "账号", "银行账号"},
					{"email", "邮箱", "邮箱"},
					{"mobile", "手机", "手机"},
					SELLER,
					END};
static const struct option GOODS_LIST[] = {GOODS_CONDITIONS, SELLER, PAGING, END};
static const struct option GOODS_SET[] = {GOODS_FIELDS, SELLER, END};
static const struct option CATALOGUE_REF[] = {SELLER, END};
static const struct option IMPORT[] = {IMPORTING, SELLER, END};
static const struct option CODES_IMPORT[] = {IMPORTING, END};
static const struct option BUYERS_EXPORT[] = {BUYER_CONDITIONS, WRITING, SELLER, END};
static const struct option GOODS_EXPORT[] = {GOODS_CONDITIONS, WRITING, SELLER, END};
static const struct option TYPES_EXPORT[] = {WRITING, SELLER, END};
static const struct option TEMPLATE[] = {WRITING, END};
static const struct option REPORT[] = {
    {"from", "日期", "开票日期起；起止都没有时是本月"},
    {"to", "日期", "开票日期止（含当天），默认今天"},
    {"range", "范围", "this-month last-month this-quarter last-quarter this-year last-year today"},
    {"months", NULL, "分月，每月有小计：按税率申报增值税时用"},
    {"top", "行数", "只列金额最大的几行，其余合成一行"},
    WRITING,
    END};
#define LINES_READING                                                                              \
	{"mode", "inclusive|exclusive", "单价和金额含税或不含税；列名已写明时按列名"},             \
	    {"partial", NULL, "只要没有问题的行"},                                                 \
	{                                                                                          \
		"failures", "文件", "有问题的行和原因写到哪里"                         \
	}
static const struct option LINES[] = {LINES_READING, END};
static const struct option DRAFT[] = {
    {"lines", "文件", "把明细工作簿的行加到这张发票"}, LINES_READING, END};
static const struct option DRAFTS_LIST[] = {
    {"find", "文字", "购方、内容或订单号包含"}, {"mine", NULL, "只列自己的"}, PAGING, END};
static const struct option MERGE[] = {{"add-up", NULL, "相同的项目合并成一行"},
				      {"order-no", "订单号", "合并后的订单号，默认由第一张得出"},
				      {"dry-run", NULL, "只看结果，不保存"},
				      END};
static const struct option SPLIT[] = {
    {"amount", "金额", "每张最多多少，默认含税"},
    {"net", NULL, "这个金额不含税"},
    {"quota", NULL, "每张不超过现在的可用额度"},
    {"rows", "行数", "每张最多多少行（折扣行也算），默认 5000"},
    {"tail", "quantity|price|whole", "拆开的行：调整数量（默认）、调整单价，或不拆行"},
    {"dry-run", NULL, "只看结果，不保存"},
    END};
static const struct option TEMPLATES_LIST[] = {{"find", "文字", "名称或购方包含"}, PAGING, END};
static const struct option TEMPLATES_ADD[] = {
    {"name", "名称", "最多 40 个字"},
    {"from", "发票", "取自已有的发票或草稿：号码、订单号或 #编号"},
    {"shared", NULL, "本单位的开票员都能用"},
    END};
static const struct option TEMPLATES_EDIT[] = {{"name", "名称", "新的名称"},
					       {"shared", NULL, "本单位的开票员都能用"},
					       {"private", NULL, "只有自己能用"},
					       END};
static const struct option TEMPLATES_USE[] = {{"order-no", "订单号", "草稿的订单号"}, END};
#define CONFIRMED                                                                                  \
	{                                                                                          \
		"confirmed", NULL, "减征、附行业等需人核实的，已核实可以开"     \
	}
static const struct option BLUE_ISSUE[] = {CONFIRMED, END};
static const struct option BATCH_ADD[] = {{"strict", NULL, "有一张有问题就什么都不保存"},
					  CONFIRMED,
					  {"dry-run", NULL, "只检查，不保存"},
					  {"failures", "文件", "有问题的发票和原因写到哪里"},
					  END};
static const struct option BATCH_START[] = {
    {"after-restore", NULL, "从备份恢复以后：已与税局对账，确认没有开过"},
    {"again", NULL, "同样的文件开过，没有流水号的再开一遍"},
    END};
static const struct option BATCH_LIST[] = {
    {"state", "checked|running|paused|done|cancelled", "状态"}, PAGING, END};
static const struct option BATCH_SHOW[] = {
    {"bad", NULL, "只列有问题的"},
    {"state", "bad|ready|repeat|taken|issued|failed|skipped", "状态"},
    {"find", "文字", "流水号以此开头，或购方名称包含"},
    PAGING,
    END};
static const struct option BACKUP[] = {
    {"with-key", NULL, "带上主目录的密钥，由口令密封；不带时恢复到别处要重新录入 API 密钥"},
    {"passphrase-file", "文件", "第一行是口令，至少 8 个字符；- 为标准输入"},
    END};
static const struct option RESTORE[] = {
    {"passphrase-file", "文件", "备份时的口令；- 为标准输入"},
    {"new-key", NULL, "主目录的密钥确已丢失，换一个新的；API 密钥要重新录入"},
    END};
static const struct option DOCTOR[] = {{"offline", NULL, "不联网，只看本机"}, END};
static const struct option SEARCH[] = {PAGING, END};
#define RED_ROLE                                                                                   \
	{                                                                                          \
		"role", "seller|buyer", "我方是销方或购方"                                 \
	}
static const struct option RED_LIST[] = {
    RED_ROLE,
    {"sent", NULL, "我发出的"},
    {"received", NULL, "我收到的"},
    {"state", "01..13", "确认单状态"},
    {"situation", "for-us|for-them|issuable|they-issue|issued|void|on-the-way|failed", "情况"},
    {"issued", "yes|no", "已开具红字发票"},
    {"party", "文字", "对方纳税人名称包含"},
    {"blue", "号码", "蓝字发票号码"},
    {"blue-from", "日期", "原蓝票开票日期起"},
    {"blue-to", "日期", "原蓝票开票日期止（含当天）"},
    {"from", "日期", "录入日期起"},
    {"to", "日期", "录入日期止（含当天）"},
    {"refresh", NULL, "先向税局取新的"},
    {"last", NULL, "最后一页"},
    PAGING,
    END};
static const struct option RED_APPLY[] = {
    RED_ROLE,
    {"reason", "01|02|03|04", "冲红原因：开票有误，销货退回，服务中止，销售折让"},
    {"lines", "文件",
     "只冲部分：[{\"line\":1,\"quantity\":\"3\"},{\"line\":2,\"amount\":\"100.00\"}]，金额不含税"},
    {"blue", "文件",
     "不是本机开的蓝字发票：XML 版式文件，或 JSON（另有 number、issued_at、seller、code、paper）"},
    {"dry-run", NULL, "只看结果，不提交"},
    END};
static const struct option RED_ISSUING[] = {{"remark", "文字", "红字发票的备注，最多 382 个字"},
					    END};
static const struct option RED_DOWNLOAD[] = {RED_ROLE,
					     {"from", "日期", "录入日期起"},
					     {"to", "日期", "录入日期止（含当天），最多一个月"},
					     WRITING,
					     END};
static const struct option JOBS_LIST[] = {{"state", "ready|running|done|failed|cancelled", "状态"},
					  {"kind", "种类", "如 invoice.upload"},
					  OF_UNIT,
					  PAGING,
					  END};
static const struct option JOBS_PLAN[] = {
    {"month", "YYYY-MM", "哪个月，默认本月"},
    {"channel", "leqi|portal|cert|disk", "乐企（默认）、电子税局、软证书或税盘的日历"},
    {"rule", "规则", "只列这一条，如 quota.month"},
    {"all", NULL, "连未接入的也列（--json 总是全部）"},
    END};
static const struct option JOBS_RUNS[] = {
    {"rule", "规则", "如 quota.month（jobs plan 里有）"},
    {"state", "open|done|failed|idle", "状态，默认除 idle 外"},
    {"failed", NULL, "只列未办成的"},
    OF_UNIT,
    PAGING,
    END};
static const struct option LOG_LIST[] = {
    {"service", "接口", "服务编码、名称或名称的一部分，如 QDFPSC、上传发票"},
    OF_UNIT,
    {"from", "时间", "从 YYYY-MM-DD 或 “YYYY-MM-DD HH:MM”起"},
    {"to", "时间", "到那一天或那一分钟为止，含"},
    {"job", "编号", "一个任务的"},
    {"request-id", "编号", "RequestId 或 clientTid，全部写出"},
    {"find", "文字", "代码、说明、请求和应答里有这些字的"},
    {"result", "ok|refused|misconfigured|later|lost|sent", "结果"},
    {"failed", NULL, "只列不成功的"},
    PAGING,
    END};
static const struct option LOG_SHOW[] = {{"raw", NULL, "请求和应答原样，不排版"}, END};
static const struct option LOG_TAIL[] = {
    {"n", "行数", "先列最近几次，0 至 1000，默认 10"},
    {"f", NULL, "接着等新的，直到 Ctrl-C；加 --json 每次一行 JSON"},
    END};
static const struct option INVOICES_PUSH[] = {
    {"kind", "special|ordinary|red|blue", "数电专票、数电普票，红字、蓝字；默认都推送"},
    {"month", "YYYY-MM", "开具月份"},
    {"to", "文件", "写成 JSON 行，不推送；- 为标准输出"},
    {"replace", NULL, "覆盖已有的文件"},
    END};
static const struct option INVOICES_MAIL[] = {
    {"to", "邮箱", "几个用逗号隔开；默认发票上的，其次购方信息里的"}, END};
static const struct option PUSH_LIST[] = {{"state", "waiting|done|person|skipped", "状态"},
					  {"invoice", "号码", "一张发票的"},
					  PAGING,
					  END};
static const struct option PUSH_SET[] = {
    {"url", "地址", "https://主机:端口/路径；- 从标准输入读"},
    {"url-file", "文件", "推送地址写在里面，一行：带口令的不出现在进程列表里"},
    {"plain", "yes|no", "允许 http 明文（本机地址不必），默认 no"},
    {"ca-file", "文件", "接收方自有的 CA 证书（PEM）；空的用系统的"},
    {"key-id", "编号", "密钥编号，放在请求头里"},
    {"secret-file", "文件", "签名密钥，一行，读一次即密封"},
    {"kinds", "all|special|ordinary", "推送哪些发票，默认 all"},
    {"automatic", "yes|no", "开票成功就推送，默认 no"},
    {"together", "张数", "0：一次一张；1 至 100：一次最多几张，内容是数组"},
    {"days", "天数", "推送不成，重试几天，默认 3"},
    END};
static const struct option MAIL_LIST[] = {
    {"state", "queued|sending|sent|failed|unknown|cancelled", "状态"},
    {"invoice", "号码", "一张发票的"},
    PAGING,
    END};
static const struct option MAIL_SEND[] = {
    {"to", "邮箱", "换收件人"}, {"again", NULL, "已发送或结果未知的也再发"}, END};
static const struct option MAIL_SET[] = {
    {"host", "主机", "邮件服务器（SMTP）"},
    {"port", "端口", "默认 465、587 或 25"},
    {"security", "tls|starttls|plain", "加密方式，默认 tls；plain 只能用于本机"},
    {"ca-file", "文件", "服务器自有的 CA 证书（PEM）；空的用系统的"},
    {"login", "用户名", "登录名，通常是邮箱"},
    {"password-file", "文件", "密码或授权码，一行，读一次即密封"},
    {"sender", "邮箱", "发件人"},
    {"sender-name", "名称", "发件人名称，默认单位名称"},
    {"subject", "文字", "主题，可用 {号码} {购方} {价税合计} 等；空的用默认的"},
    {"body-file", "文件", "正文，写法同上；空的用默认的"},
    {"formats", "格式", "附件，默认 pdf,ofd,xml"},
    {"automatic", "yes|no", "开票成功就发到发票上的邮箱，默认 no"},
    {"days", "天数", "暂时发不出，重试几天，默认 3"},
    END};
static const struct option LOG_EXPORT[] = {
    {"o", "路径", "写到文件：.txt 为便于阅读的文字，其余为 JSON；默认 JSON 到标准输出"},
    {"replace", NULL, "替换已有的文件"},
    END};
static const struct option SYNC[] = {
    {"once", NULL, "做完到期的任务就结束"}, {"daemon", NULL, "一直运行，直到收到信号"}, END};
static const struct option DEMO[] = {{"headless", NULL, "不开界面，开具样例发票"},
				     {"hold", NULL, "开完后保持练习平台运行，直到 Ctrl-C"},
				     END};
static const struct option SUMMARY_LIST[] = {
    {"state", "open|confirming|confirmed|cancelling|cancelled|auto|failed", "状态"}, PAGING, END};
static const struct option SUMMARY_ADD[] = {
    {"identity", "using|direct", "接入身份：使用单位或直连单位，默认 using"}, END};
static const struct option SUMMARY_CONFIRM[] = {
    {"force", NULL, "还有发票没有结果也确认；它们以后不能再上传"}, END};
static const struct option RECONCILE[] = {{"full", NULL, "已开的也逐张查询状态"},
					  {"one-by-one", NULL, "不申请清单，只逐张查询没有定的"},
					  {"plan", NULL, "只显示将用什么，不对账"},
					  END};
#define RECON_ALL                                                                                  \
	{                                                                                          \
		"all", NULL, "也列其他渠道开的和跨月的"                                \
	}
static const struct option RECON_SHOW[] = {
    {"kind",
     "unknown-there|failed-there|void-there|strange|differs|only-ours|unknown-absent|"
     "state|figures|boundary|other",
     "哪种差异"},
    RECON_ALL,
    PAGING,
    END};
static const struct option RECON_REASON[] = {{"reason", "文字", "理由，记入审计"}, END};
static const struct option RECON_EXPORT[] = {
    RECON_ALL,
    {"csv", "utf8bom|utf8|gbk", "写成 CSV，默认 xlsx"},
    {"replace", NULL, "覆盖已有的文件"},
    {"o", "路径", "文件或目录，- 为标准输出；默认当前目录"},
    END};
#define DRAWER_FIELDS                                                                              \
	{"name", "姓名", "姓名，和发票上的开票人一致"},                                            \
	    {"id-type", "类型", "证件类型的代码或名称，默认 201 居民身份证"},                      \
	    {"id-no", "号码", "证件号码"},                                                         \
	    {"state", "bound|waiting|stopped", "已绑定（默认）、待绑定、已停用"},                  \
	{                                                                                          \
		"platform", "平台", "绑定的平台，默认 乐企平台"                        \
	}
static const struct option DRAWERS[] = {DRAWER_FIELDS, END};
static const struct option UNIT_SAFETY[] = {{"env", "正式|沙箱|演练", "同一税号在几个环境时指明"},
					    END};
static const struct option ELIGIBILITY[] = {
    {"answer", "序号=答复", "人工确认第 1、4 项：1=yes、4=no，逗号分开；pending 取消"},
    {"note", "文字", "确认的说明，和 --answer 一起写"},
    {"override", NULL, "第 2 项：不参与评价（个体工商户、非独立核算分支机构等）"},
    END};
static const struct option URL_BUILD[] = {
    {"taxno", "税号", "企业税号"},
    {"client-id", "编号", "clientId，我家云写 APP ID"},
    {"natural-id", "乐企ID", "使用单位的乐企ID"},
    {"connect-natural-id", "乐企ID", "接入单位的乐企ID，默认 5d2cff003e35abac053a"},
    END};
static const struct option NONE[] = {END};

const struct action cli_actions[] = {
    {"init", NULL, "", 0, 0, "建立主目录和第一个管理员，重复执行无害", NONE, verb_init, NO_SESSION,
     &shape_init},
    {"demo", NULL, "", 0, 0,
     "练习：启动私有的练习平台并开具样例发票；不用 KAIPIAO_HOME，练习目录由 --home 或 "
     "KAIPIAO_DEMO_HOME 指定，默认 ~/.local/share/kaipiao-practice",
     DEMO, verb_demo, NO_SESSION, &shape_demo},
    {"doctor", NULL, "", 0, 0, "检查本机、主目录和各单位到税局的每一步，指出错在哪一步", DOCTOR,
     verb_doctor, NO_SESSION, &shape_doctor},
    {"health", NULL, "", 0, 0, "有没有要人处理的事；有就以非 0 结束，供监控每分钟运行", HEALTH,
     verb_health, 0, &shape_health},
    {"unit", "list", "", 0, 0, "列出单位", UNIT_LIST, verb_unit_list, 0, &shape_units},
    {"unit", "add", "", 0, 0, "增加直连单位或使用单位（只保存）", UNIT_ADD, verb_unit_add, 0,
     &shape_unit},
    {"unit", "edit", "税号", 1, 1, "修改单位", UNIT_ADD, verb_unit_edit, 0, &shape_unit},
    {"unit", "rename", "税号", 1, 1, "企业改了名：单位名称改用税局登记的名称", UNIT_REF,
     verb_unit_rename, 0, &shape_unit},
    {"unit", "tree", "", 0, 0, "直连单位和它下面的使用单位", NONE, verb_unit_tree, 0, NULL},
    {"unit", "verify", "税号 ...", 1, CLI_ARGS, "向税局验证单位，可以几个一起", UNIT_REF,
     verb_unit_verify, 0, &shape_verify},
    {"unit", "safety", "税号 [日期]", 1, 2,
     "开票安全验证截止日：过后乐企平台不再接收发票；日期写 无 为取消", UNIT_SAFETY,
     verb_unit_safety, 0, &shape_safety},
    {"unit", "freeze", "税号", 1, 1, "冻结使用单位：暂时不能开票", UNIT_FREEZE, verb_unit_freeze, 0,
     &shape_unit},
    {"unit", "unfreeze", "税号", 1, 1, "解除冻结", UNIT_FREEZE, verb_unit_unfreeze, 0, &shape_unit},
    {"unit", "import", "文件", 1, 1, "从 xlsx 或 CSV 导入企业", CODES_IMPORT, verb_port_import, 0,
     &shape_report},
    {"unit", "export", "", 0, 0, "导出单位", UNIT_EXPORT, verb_unit_export, 0, &shape_written},
    {"unit", "template", "", 0, 0, "企业导入模板", TEMPLATE, verb_port_template, 0, &shape_written},
    {"unit", "remove", "税号", 1, 1, "移除单位", UNIT_REMOVE, verb_unit_remove, 0, NULL},
    {"unit", "show", "税号", 1, 1, "单位详情", UNIT_REF, verb_unit_show, 0, &shape_unit},
    {"drawers", "list", "", 0, 0, "开票员：联用单位的开票人要在其中", NONE, verb_drawers_list, 0,
     &shape_drawers},
    {"drawers", "add", "", 0, 0, "登记开票员", DRAWERS, verb_drawers_add, 0, &shape_drawers},
    {"drawers", "edit", "姓名", 1, 1, "修改开票员", DRAWERS, verb_drawers_edit, 0, &shape_drawers},
    {"drawers", "remove", "姓名", 1, 1, "移除开票员", NONE, verb_drawers_remove, 0, NULL},
    {"drawers", "export", "", 0, 0, "导出开票员，证件号码是全的", TEMPLATE, verb_drawers_export, 0,
     &shape_written},
    {"eligibility", NULL, "", 0, 0,
     "接入条件：信用级别 A、B 或 M 等四项；依据见 "
     "https://hunan.chinatax.gov.cn/show/20250117785342（程序不会打开）",
     ELIGIBILITY, verb_eligibility, 0, &shape_eligibility},
    {"profile", "list", "", 0, 0, "上游系统要求的版本和模块", NONE, verb_profile_list, 0,
     &shape_profiles},
    {"taxpayer", "show", "", 0, 0, "企业基本信息、风险、税率、额度", NONE, verb_taxpayer_show, 0,
     &shape_taxpayer},
    {"taxpayer", "sync", "", 0, 0, "同步税局信息并指出变更", NONE, verb_taxpayer_sync, 0,
     &shape_taxpayer},
    {"taxpayer", "changes", "", 0, 0, "每次同步发现的变更：名称、信用级别、风险、税率等",
     TAXPAYER_CHANGES, verb_taxpayer_changes, 0, &shape_taxpayer_changes},
    {"numbers", "list", "", 0, 0, "领购记录和库存", NUMBERS_LIST, verb_numbers_list, 0,
     &shape_segments},
    {"numbers", "claim", "[份数]", 0, 1,
     "领购号码，1 至 100000，按 5000 份分次；没有领到的用 --continue 接着领", NUMBERS_CLAIM,
     verb_numbers_claim, 0, &shape_claim},
    {"numbers", "claims", "", 0, 0, "每次领购要了多少、领到多少、能否继续", NUMBERS_CLAIMS,
     verb_numbers_claims, 0, &shape_claims},
    {"numbers", "auto", "[on|off]", 0, 1, "自动领购", NUMBERS_AUTO, verb_numbers_auto, 0,
     &shape_numbers_auto},
    {"numbers", "audit", "[号码]", 0, 1, "核对每个号码和额度账；给出号码时说明它的来去", NONE,
     verb_numbers_audit, 0, &shape_numbers_audit},
    {"quota", "show", "", 0, 0, "本月额度", NONE, verb_quota_show, 0, &shape_quota},
    {"quota", "download", "金额", 1, 1, "下载额度", NONE, verb_quota_download, 0, &shape_quota},
    {"quota", "return", "金额", 1, 1, "退回额度", NONE, verb_quota_return, 0, &shape_quota},
    {"quota", "adjust", "YYYY-MM", 1, 1, "调整额度有效期", NONE, verb_quota_adjust, 0,
     &shape_quota},
    {"quota", "sync", "", 0, 0, "同步局端额度", NONE, verb_quota_sync, 0, &shape_quota},
    {"quota", "list", "", 0, 0, "额度明细：下载、退回、占用、使用和按局端的调整", QUOTA_LIST,
     verb_quota_list, 0, &shape_quota_list},
    {"quota", "refresh", "", 0, 0, "下载 1 元再退回，让税局更新使用区间（先试 quota adjust）", NONE,
     verb_quota_refresh, 0, &shape_quota},
    {"quota", "auto", "[on|off]", 0, 1, "月初自动下载额度和自动调整有效期", QUOTA_AUTO,
     verb_quota_auto, 0, &shape_quota_auto},
    {"blue", "issue", "文件|-", 1, 1, "开具：发票 JSON（一张或数组）、批量开票的工作簿或 CSV",
     BLUE_ISSUE, verb_blue_issue, 0, &shape_issue},
    {"blue", "draft", "文件|-", 1, 1,
     "保存草稿：发票 JSON、批量开票的工作簿或 CSV，要么全存要么不存", DRAFT, verb_blue_draft, 0,
     &shape_drafts},
    {"blue", "copy", "号码", 1, 1, "复制为新草稿", NONE, verb_blue_copy, 0, &shape_drafts},
    {"blue", "check", "文件|-", 1, 1, "只检查，不保存", BLUE_ISSUE, verb_blue_check, 0,
     &shape_findings},
    {"blue", "lines", "文件|-", 1, 1, "检查明细工作簿：税局的明细模板、自己的模板或 CSV", LINES,
     verb_blue_lines, 0, &shape_lines},
    {"blue", "template", "", 0, 0, "导入明细用的模板", TEMPLATE, verb_blue_template, 0,
     &shape_written},
    {"blue", "merge", "#编号|订单号 ...", 2, CLI_ARGS,
     "几张草稿合并成一张：购方、票种、含税方式相同的", MERGE, verb_blue_merge, 0, &shape_parts},
    {"blue", "split", "#编号|订单号", 1, 1, "一张草稿拆成几张：超过限额、额度或行数的", SPLIT,
     verb_blue_split, 0, &shape_parts},
    {"drafts", "list", "", 0, 0, "草稿：工作站里填开的，和存为草稿的", DRAFTS_LIST,
     verb_drafts_list, 0, &shape_draft_list},
    {"drafts", "copy", "#编号|订单号", 1, 1, "复制为新草稿", NONE, verb_blue_copy, 0,
     &shape_drafts},
    {"drafts", "issue", "#编号|订单号 ...", 1, CLI_ARGS, "开具草稿", NONE, verb_drafts_issue, 0,
     &shape_issue},
    {"drafts", "undo", "#编号|订单号", 1, 1, "撤销得到这张草稿的合并或拆分，恢复原来的草稿", NONE,
     verb_drafts_undo, 0, NULL},
    {"drafts", "remove", "#编号|订单号|f编号 ...", 1, CLI_ARGS, "删除草稿，订单号可以再用", NONE,
     verb_drafts_remove, 0, NULL},
    {"templates", "list", "", 0, 0, "发票模板：自己的和共享的", TEMPLATES_LIST, verb_templates_list,
     0, &shape_templates},
    {"templates", "show", "名称|#编号", 1, 1, "模板内容，{年}{月}{上月}等按今天填好", NONE,
     verb_templates_show, 0, NULL},
    {"templates", "add", "[文件|-]", 0, 1, "由发票 JSON 或已有的发票新增模板", TEMPLATES_ADD,
     verb_templates_add, 0, NULL},
    {"templates", "edit", "名称|#编号", 1, 1, "改名，改为共享或自用", TEMPLATES_EDIT,
     verb_templates_edit, 0, NULL},
    {"templates", "use", "名称|#编号", 1, 1, "由模板得到一张草稿", TEMPLATES_USE,
     verb_templates_use, 0, &shape_drafts},
    {"templates", "remove", "名称|#编号", 1, 1, "删除模板", NONE, verb_templates_remove, 0, NULL},
    {"batch", "add", "文件|-", 1, 1,
     "批量开票：导入并检查税局的批量开票模板、自己的模板、CSV 或 JSON 数组", BATCH_ADD,
     verb_batch_add, 0, &shape_batch_report},
    {"batch", "list", "", 0, 0, "批次", BATCH_LIST, verb_batch_list, 0, &shape_batches},
    {"batch", "show", "批次", 1, 1, "一个批次：将开的张数、需要的额度和号码，每张的状态",
     BATCH_SHOW, verb_batch_show, 0, &shape_batch_orders},
    {"batch", "start", "批次", 1, 1, "开始开票；中断后由工作站或 kaipiao sync 继续", BATCH_START,
     verb_batch_start, 0, &shape_batches},
    {"batch", "pause", "批次", 1, 1, "暂停：已取得号码的照常开完", NONE, verb_batch_pause, 0,
     &shape_batches},
    {"batch", "resume", "批次", 1, 1, "继续暂停的批次", BATCH_START, verb_batch_start, 0,
     &shape_batches},
    {"batch", "skip", "批次 序号 ...", 2, CLI_ARGS, "这几张不开，其余照开", NONE, verb_batch_skip,
     0, &shape_batches},
    {"batch", "unskip", "批次 序号 ...", 2, CLI_ARGS, "不开的重新列入", NONE, verb_batch_unskip, 0,
     &shape_batches},
    {"batch", "merge", "批次 流水号|序号 ...", 3, CLI_ARGS,
     "待开票批次里的几张合并成一张：购方、票种、含税方式相同的", MERGE, verb_batch_merge, 0,
     &shape_parts},
    {"batch", "cancel", "批次", 1, 1, "取消：没有取得号码的不再开", NONE, verb_batch_cancel, 0,
     &shape_batches},
    {"batch", "result", "批次", 1, 1, "结果工作簿：流水号、号码、状态、原因", TEMPLATE,
     verb_batch_result, 0, &shape_written},
    {"batch", "template", "", 0, 0, "批量开票的模板", TEMPLATE, verb_batch_template, 0,
     &shape_written},
    {"invoices", "list", "", 0, 0, "开票记录", INVOICES_LIST, verb_invoices_list, 0,
     &shape_invoices},
    {"invoices", "show", "号码|订单号|#编号", 1, 1, "发票详情", NONE, verb_invoices_show, 0, NULL},
    {"invoices", "retry", "号码|订单号|#编号 ...", 1, CLI_ARGS, "失败的发票用原号码重开", NONE,
     verb_invoices_retry, 0, &shape_issue},
    {"invoices", "void", "号码|订单号|#编号 ...", 1, CLI_ARGS, "作废失败的发票或草稿", NONE,
     verb_invoices_void, 0, &shape_issue},
    {"invoices", "settle", "号码", 1, 1, "查不到结果的发票由管理员人工确认", INVOICES_SETTLE,
     verb_invoices_settle, 0, &shape_issue},
    {"invoices", "file", "号码", 1, 1, "版式文件", INVOICES_FILE, verb_invoices_file, 0,
     &shape_file},
    {"invoices", "history", "号码|订单号|#编号", 1, 1, "发票的经过：每次上传和答复，谁做了什么",
     NONE, verb_invoices_history, 0, &shape_history},
    {"invoices", "export", "", 0, 0, "导出为 Excel（发票、明细两张表）或 CSV", INVOICES_EXPORT,
     verb_invoices_export, 0, &shape_written},
    {"invoices", "zip", "[号码|订单号|#编号 ...]", 0, CLI_ARGS,
     "版式文件打成一个压缩包：一个月的，或给出的几张", INVOICES_ZIP, verb_invoices_zip, 0,
     &shape_zip},
    {"invoices", "push", "[号码]", 0, 1,
     "推送开票结果：一张，或按种类和开具月份；可重复，接收方按事件编号去重", INVOICES_PUSH,
     verb_invoices_push, 0, &shape_push_queue},
    {"invoices", "mail", "号码", 1, 1, "用邮件把版式文件发给购方", INVOICES_MAIL,
     verb_invoices_mail, 0, &shape_mails},
    {"report", "by", "buyer|goods|rate|clerk|day|month|kind|type", 1, 1,
     "统计报表：开票成功的发票按购方、商品、税率、日、月……；-o 存为带图表的 Excel 或 CSV", REPORT,
     verb_report_by, 0, &shape_report_rows},
    {"push", "list", "", 0, 0, "推送开票结果的记录", PUSH_LIST, verb_push_list, 0, &shape_pushes},
    {"push", "show", "编号", 1, 1, "一次推送和接收方的应答", NONE, verb_push_show, 0,
     &shape_pushes},
    {"push", "send", "编号", 1, 1, "再推送一次", NONE, verb_push_send, 0, &shape_push_queue},
    {"push", "skip", "编号", 1, 1, "搁置：不再推送这一条，后面的先走", NONE, verb_push_skip, 0,
     &shape_pushes},
    {"push", "set", "", 0, 0, "推送设置；不带选项时显示", PUSH_SET, verb_push_set, 0,
     &shape_push_target},
    {"push", "remove", "", 0, 0, "取消推送设置", NONE, verb_push_remove, 0, &shape_push_target},
    {"push", "test", "", 0, 0, "向推送地址发一条测试事件", NONE, verb_push_test, 0,
     &shape_post_test},
    {"mail", "list", "", 0, 0, "邮件记录", MAIL_LIST, verb_mail_list, 0, &shape_mails},
    {"mail", "show", "编号", 1, 1, "一封邮件和服务器的应答", NONE, verb_mail_show, 0, &shape_mails},
    {"mail", "send", "编号", 1, 1, "再发一次失败、取消的邮件", MAIL_SEND, verb_mail_send, 0,
     &shape_mails},
    {"mail", "cancel", "编号", 1, 1, "取消待发的邮件", NONE, verb_mail_cancel, 0, &shape_mails},
    {"mail", "set", "", 0, 0, "邮件设置；不带选项时显示", MAIL_SET, verb_mail_set, 0,
     &shape_mail_server},
    {"mail", "test", "邮箱", 1, 1, "发一封测试邮件", NONE, verb_mail_test, 0, &shape_post_test},
    {"buyers", "list", "", 0, 0, "购方信息", BUYERS_LIST, verb_buyers_list, 0, &shape_buyers},
    {"buyers", "show", "名称|税号|#编号", 1, 1, "购方详情", CATALOGUE_REF, verb_buyers_show, 0,
     &shape_buyer},
    {"buyers", "add", "", 0, 0, "新增购方", BUYERS_SET, verb_buyers_add, 0, &shape_buyer},
    {"buyers", "edit", "名称|税号|#编号", 1, 1, "修改购方", BUYERS_SET, verb_buyers_edit, 0,
     &shape_buyer},
    {"buyers", "remove", "名称|税号|#编号 ...", 1, CLI_ARGS, "删除购方；已开的发票不变",
     CATALOGUE_REF, verb_buyers_remove, 0, NULL},
    {"buyers", "merge", "重复的 留下的", 2, 2, "把重复的购方并入留下的，缺的内容补上",
     CATALOGUE_REF, verb_buyers_merge, 0, &shape_buyer},
    {"buyers", "address", "list|add|edit|remove|default 名称|税号|#编号 [序号]", 2, 3,
     "购方的地址：列出、增加、修改、删除、设为默认；序号 1 是默认地址", ADDRESS,
     verb_buyers_address, 0, &shape_addresses},
    {"buyers", "import", "文件|-", 1, 1, "从 Excel 或 CSV 导入，同税号或名称的更新", IMPORT,
     verb_port_import, 0, &shape_report},
    {"buyers", "export", "", 0, 0, "导出为 Excel 或 CSV", BUYERS_EXPORT, verb_port_export, 0,
     &shape_written},
    {"buyers", "template", "", 0, 0, "导入用的模板", TEMPLATE, verb_port_template, 0,
     &shape_written},
    {"goods", "list", "", 0, 0, "商品信息", GOODS_LIST, verb_goods_list, 0, &shape_goods_list},
    {"goods", "show", "名称|简码|#编号", 1, 1, "商品详情", CATALOGUE_REF, verb_goods_show, 0,
     &shape_goods},
    {"goods", "add", "", 0, 0, "新增商品", GOODS_SET, verb_goods_add, 0, &shape_goods},
    {"goods", "edit", "名称|简码|#编号", 1, 1, "修改商品", GOODS_SET, verb_goods_edit, 0,
     &shape_goods},
    {"goods", "remove", "名称|简码|#编号 ...", 1, CLI_ARGS, "删除商品；已开的发票不变",
     CATALOGUE_REF, verb_goods_remove, 0, NULL},
    {"goods", "recode", "编码 名称|简码|#编号 ...", 2, CLI_ARGS, "更换商品的税收编码",
     CATALOGUE_REF, verb_goods_recode, 0, NULL},
    {"goods", "suggest", "名称", 1, 1, "按相似的商品推荐税收编码和理由", CATALOGUE_REF,
     verb_goods_suggest, 0, &shape_code_hints},
    {"goods", "import", "文件|-", 1, 1, "从 Excel 或 CSV 导入，同名称和规格的更新", IMPORT,
     verb_port_import, 0, &shape_report},
    {"goods", "export", "", 0, 0, "导出为 Excel 或 CSV", GOODS_EXPORT, verb_port_export, 0,
     &shape_written},
    {"goods", "template", "", 0, 0, "导入用的模板", TEMPLATE, verb_port_template, 0,
     &shape_written},
    {"taxcodes", "search", "文字", 1, 1, "按编码、名称、关键字或拼音查税收分类编码", SEARCH,
     verb_taxcodes_search, 0, &shape_taxcodes},
    {"taxcodes", "show", "编码", 1, 1, "编码详情", NONE, verb_taxcodes_show, 0, &shape_taxcode},
    {"taxcodes", "import", "文件|-", 1, 1, "从 Excel、CSV 或制表符分隔的表导入", CODES_IMPORT,
     verb_port_import, 0, &shape_report},
    {"taxcodes", "export", "", 0, 0, "导出为 Excel 或 CSV", TEMPLATE, verb_port_export, 0,
     &shape_written},
    {"taxcodes", "sync", "", 0, 0, "从税局同步编码", NONE, verb_taxcodes_sync, 0,
     &shape_codes_sync},
    {"taxcodes", "changes", "", 0, 0, "历次同步改变了哪些编码", SEARCH, verb_taxcodes_changes, 0,
     &shape_codes_changes},
    {"types", "list", "", 0, 0, "业务类型", TYPES_LIST, verb_types_list, 0, &shape_types},
    {"types", "show", "名称|#编号", 1, 1, "业务类型详情", TYPES_REF, verb_types_show, 0,
     &shape_type},
    {"types", "add", "", 0, 0, "新增业务类型", TYPES_SET, verb_types_add, 0, &shape_type},
    {"types", "edit", "名称|#编号", 1, 1, "修改业务类型；已开的发票保持原来的文字", TYPES_SET,
     verb_types_edit, 0, &shape_type},
    {"types", "remove", "名称|#编号", 1, 1, "删除没有用过的业务类型", TYPES_REF, verb_types_remove,
     0, NULL},
    {"types", "export", "", 0, 0, "导出为 Excel 或 CSV", TYPES_EXPORT, verb_port_export, 0,
     &shape_written},
    {"summary", "list", "", 0, 0, "各月的汇总确认", SUMMARY_LIST, verb_summary_list, 0,
     &shape_summaries},
    {"summary", "show", "YYYY-MM", 1, 1, "一个月的六个数，本机和税局的；月末跨月的发票", NONE,
     verb_summary_show, 0, &shape_summary},
    {"summary", "add", "YYYY-MM", 1, 1, "新增一个月的记录（每月 1 日自动生成上月的）", SUMMARY_ADD,
     verb_summary_add, 0, &shape_summary},
    {"summary", "confirm", "YYYY-MM", 1, 1, "汇总确认：按本机的六个数，13 日 0 时以前",
     SUMMARY_CONFIRM, verb_summary_confirm, 0, &shape_summary},
    {"summary", "cancel", "YYYY-MM", 1, 1, "取消确认，13 日 0 时以前；之后这个月的发票又可上传",
     NONE, verb_summary_cancel, 0, &shape_summary},
    {"summary", "refresh", "YYYY-MM", 1, 1, "取税局的汇总数", NONE, verb_summary_refresh, 0,
     &shape_summary},
    {"summary", "auto", "[on|off]", 0, 1, "12 日还没有确认时自动确认，默认开", NONE,
     verb_summary_auto, 0, &shape_summary_auto},
    {"reconcile", "list", "", 0, 0, "历次对账", SEARCH, verb_reconcile_list, 0, &shape_recon_runs},
    {"reconcile", "show", "编号", 1, 1, "一次对账和差异；有待处理的差异以 3 结束", RECON_SHOW,
     verb_reconcile_show, 0, &shape_recon_differences},
    {"reconcile", "adopt", "差异编号", 1, 1,
     "未定或失败而税局已有的：认作已开；内容比对过须一致，没有比对过的须写理由", RECON_REASON,
     verb_reconcile_adopt, 0, &shape_recon_differences},
    {"reconcile", "dismiss", "差异编号", 1, 1, "查清了，不再算差异", RECON_REASON,
     verb_reconcile_dismiss, 0, &shape_recon_differences},
    {"reconcile", "export", "编号", 1, 1, "差异导出为 Excel 或 CSV", RECON_EXPORT,
     verb_reconcile_export, 0, &shape_written},
    {"reconcile", "collect", "[yes|no|auto]", 0, 1, "这个单位有没有归集能力；不带参数时显示", NONE,
     verb_reconcile_collect, 0, &shape_recon_budget},
    {"reconcile", NULL, "YYYY-MM", 1, 1,
     "对账：把一个月与税局比对，两边的差异都列出；有差异以 3 结束，没有做完以 5 或 6 结束",
     RECONCILE, verb_reconcile, 0, &shape_recon_runs},
    {"red", "list", "", 0, 0, "红字确认单", RED_LIST, verb_red_list, 0, &shape_red},
    {"red", "counts", "", 0, 0, "红字确认单按情况的张数", NONE, verb_red_counts, 0,
     &shape_red_counts},
    {"red", "show", "确认单编号|UUID|#编号", 1, 1, "红字确认单详情、明细和经过", NONE,
     verb_red_show, 0, &shape_red},
    {"red", "apply", "蓝字发票号码", 1, 1, "录入红字确认单：整张，或 --lines 里的部分", RED_APPLY,
     verb_red_apply, 0, &shape_red},
    {"red", "again", "#编号", 1, 1, "申请失败的原样重新提交", NONE, verb_red_again, 0, &shape_red},
    {"red", "drop", "#编号 ...", 1, CLI_ARGS, "放弃申请失败的，算作已作废，经过留着", NONE,
     verb_red_drop, 0, &shape_red_answers},
    {"red", "confirm", "确认单编号|UUID|#编号 ...", 1, CLI_ARGS,
     "确认对方录入的红字确认单，几张时一行一张", NONE, verb_red_confirm, 0, &shape_red},
    {"red", "deny", "确认单编号|UUID|#编号 ...", 1, CLI_ARGS,
     "否认对方录入的红字确认单，几张时一行一张", NONE, verb_red_deny, 0, &shape_red},
    {"red", "revoke", "确认单编号|UUID|#编号 ...", 1, CLI_ARGS, "撤销红字确认单，几张时一行一张",
     NONE, verb_red_revoke, 0, &shape_red},
    {"red", "issue", "确认单编号|UUID|#编号 ...", 1, CLI_ARGS, "开具红字发票", RED_ISSUING,
     verb_red_issue, 0, &shape_issue},
    {"red", "download", "", 0, 0, "按录入日期下载红字确认单和明细（CSV 只有列表），最多一个月",
     RED_DOWNLOAD, verb_red_download, 0, &shape_written},
    {"jobs", "list", "", 0, 0, "任务", JOBS_LIST, verb_jobs_list, 0, &shape_jobs},
    {"jobs", "show", "编号", 1, 1, "任务详情", NONE, verb_jobs_show, 0, &shape_job},
    {"jobs", "cancel", "编号", 1, 1, "取消待处理的任务", NONE, verb_jobs_cancel, 0, &shape_job},
    {"jobs", "plan", "", 0, 0, "一个月的日历：哪天办什么，已过的办得怎样", JOBS_PLAN,
     verb_jobs_plan, 0, &shape_plan},
    {"jobs", "runs", "", 0, 0, "日历办了什么：结果、原因、何时再试", JOBS_RUNS, verb_jobs_runs, 0,
     &shape_runs},
    {"jobs", "again", "编号", 1, 1, "没有办成的再办一次", NONE, verb_jobs_again, 0, &shape_runs},
    {"sync", NULL, "--once | --daemon", 0, 0, "运行引擎：上传、查询结果、到期的领购和额度", SYNC,
     verb_sync, 0, &shape_sync},
    {"log", "list", "", 0, 0, "乐企请求日志", LOG_LIST, verb_log_list, 0, &shape_log},
    {"log", "show", "编号", 1, 1, "一次请求的明文请求和应答", LOG_SHOW, verb_log_show, 0,
     &shape_log_entry},
    {"log", "tail", "", 0, 0, "最近的请求，-f 接着等新的", LOG_TAIL, verb_log_tail, 0, &shape_log},
    {"log", "export", "编号", 1, 1, "导出一次请求，给税局查", LOG_EXPORT, verb_log_export, 0,
     &shape_log_entry},
    {"param", "get", "[类型 [键]]", 0, 2, "查看参数", NONE, verb_param_get, 0, &shape_params},
    {"param", "set", "类型 键 值", 3, 3, "设置参数", NONE, verb_param_set, 0, &shape_params},
    {"param", "import", "文件|-", 1, 1,
     "导入参数：每行 配置项类型、键、值（CSV、制表符分隔、工作簿或 JSON）；有一行不对就什么都不改",
     NONE, verb_param_import, 0, &shape_param_import},
    {"url", "build", "", 0, 0, "生成发票云的长链接", URL_BUILD, verb_url_build, NO_SESSION, NULL},
    {"url", "check", "链接", 1, 1, "检查长链接，指出第几个字符不对", NONE, verb_url_check,
     NO_SESSION, &shape_url_findings},
    {"explain", NULL, "文字", 1, 1, "税局错误的原因和处理办法", NONE, verb_explain, NO_SESSION,
     &shape_advice},
    {"backup", NULL, "文件", 1, 1, "备份主目录到一个文件", BACKUP, verb_backup, 0, &shape_backup},
    {"restore", NULL, "文件", 1, 1, "从备份恢复，原文件留在旁边", RESTORE, verb_restore, NO_SESSION,
     &shape_backup},
    {"key", "rotate", "", 0, 0, "更换主目录的密钥，把密封的都重新密封", NONE, verb_key_rotate, 0,
     &shape_key},
    {"help", NULL, "[动作|json|keys]", 0, 2,
     "帮助，也可在动作后写 --help；help json 列出每个 JSON 键，help keys 列出工作站的按键", NONE,
     cli_help, NO_SESSION, NULL},
    {"version", NULL, "", 0, 0, "版本", NONE, verb_version, NO_SESSION, &shape_version},
    {NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, 0, NULL},
};
