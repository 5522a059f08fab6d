/* ui/action.h - everything a person can do, as one table: keymap, hint bar, help, palette and the
 * manual page come from it.
 *
 * The list: X(ID, name, group, short label, help).  `name` is what keys.conf and the palette use;
 * the label stands in the hint bar (at most 12 columns); groups order the help screen.
 */
#ifndef KP_UI_ACTION_H
#define KP_UI_ACTION_H

#include <stdbool.h>
#include <stddef.h>

#define UI_ACTIONS(X)                                                                              \
	/* everywhere */                                                                           \
	X(HELP, "help", "通用", "帮助", "说明当前栏目和全部按键")                                  \
	X(PALETTE, "palette", "通用", "命令", "按名称或拼音首字母找命令")                          \
	X(BACK, "back", "通用", "返回", "回到上一个画面；没有保存的内容先存为草稿")                \
	X(REPAINT, "repaint", "通用", "重画", "重画整个屏幕")                                      \
	X(QUIT, "quit", "通用", "退出", "离开工作站")                                              \
	X(EXPLAIN, "explain", "通用", "解释", "刚才的失败、选中的失败：原因和处理办法")            \
	X(COPY, "copy", "通用", "复制文字", "把当前文字送到本机剪贴板（OSC 52）")                  \
	/* moving */                                                                               \
	X(UP, "up", "移动", "上", "上一行")                                                        \
	X(DOWN, "down", "移动", "下", "下一行")                                                    \
	X(LEFT, "left", "移动", "左", "左移")                                                      \
	X(RIGHT, "right", "移动", "右", "右移")                                                    \
	X(PAGE_UP, "page-up", "移动", "上页", "上一页")                                            \
	X(PAGE_DOWN, "page-down", "移动", "下页", "下一页")                                        \
	X(FIRST, "first", "移动", "首页", "第一行；在栏目里到行首")                                \
	X(LAST, "last", "移动", "末页", "最后一行；在栏目里到行尾")                                \
	X(NEXT, "next", "移动", "下一栏", "到下一栏")                                              \
	X(PREVIOUS, "previous", "移动", "上一栏", "到上一栏")                                      \
	X(ENTER, "enter", "移动", "确定", "到下一栏；在列表里打开")                                \
	/* editing */                                                                              \
	X(DELETE_BACK, "delete-back", "编辑", "退格", "删除光标前的字")                            \
	X(DELETE_HERE, "delete-here", "编辑", "删字", "删除光标处的字")                            \
	X(DELETE_WORD, "delete-word", "编辑", "删词", "删除光标前的词")                            \
	X(CLEAR, "clear", "编辑", "清空", "清空本栏")                                              \
	X(UNDO, "undo", "编辑", "撤销", "撤销上一步")                                              \
	X(REDO, "redo", "编辑", "重做", "重做撤销的一步")                                          \
	X(CHOOSE, "choose", "编辑", "选择", "打开本栏的选择框")                                    \
	X(TOGGLE, "toggle", "编辑", "切换", "切换选项或勾选")                                      \
	/* lists */                                                                                \
	X(FIND, "find", "列表", "查找", "填写查询条件")                                            \
	X(RESET, "reset", "列表", "重置", "恢复默认的查询条件")                                    \
	X(MARK, "mark", "列表", "勾选", "勾选或取消当前行")                                        \
	X(MARK_ALL, "mark-all", "列表", "全选", "勾选本页，或全部取消")                            \
	X(REFRESH, "refresh", "列表", "刷新", "重新读取")                                          \
	X(DETAIL, "detail", "列表", "详情", "打开当前行")                                          \
	X(LIST_SIZE, "list-size", "列表", "每页行数", "每页 10、20、50 行……或放满窗口")            \
	X(LIST_PAGE, "list-page", "列表", "跳页", "到第几页、首页、末页，或前后跳几页")            \
	X(REPORT_NEXT, "report-next", "列表", "换一种", "按购方、商品、税率……依次换一种统计")      \
	X(REPORT_BEFORE, "report-before", "列表", "换回去", "换回前一种统计")                      \
	X(REPORT_MONTHS, "report-months", "列表", "分月", "每个月分开统计，各有小计，或不分")      \
	X(REPORT_EARLIER, "report-earlier", "列表", "前一段",                                      \
	  "往前同样长的一段日期：上月、上季度")                                                    \
	X(REPORT_LATER, "report-later", "列表", "后一段", "往后同样长的一段日期")                  \
	X(EXPORT, "export", "列表", "批量导出", "勾选的、查到的或全部行存为 xlsx、CSV 文件")       \
	/* the invoice */                                                                          \
	X(ISSUE, "issue", "开票", "开票", "检查并开具当前发票")                                    \
	X(VIEW_TAX, "view-tax", "开票", "含税/不含税", "切换含税与不含税的显示，不改变发票")       \
	X(DISCOUNT, "discount", "开票", "折扣", "给当前行或勾选的行加折扣")                        \
	X(ROW_DELETE, "row-delete", "开票", "删行", "删除当前明细行")                              \
	X(ROW_INSERT, "row-insert", "开票", "插行", "在当前行前插入一行")                          \
	X(ROW_COPY_UP, "row-copy-up", "开票", "同上", "复制上一行的同一栏")                        \
	X(ROW_NEXT, "row-next", "开票", "下一行", "到下一行的项目名称，最后一行之后新增一行")      \
	X(MORE, "more", "开票", "更多", "差额征税、支付、经办人、展示、优惠政策")                  \
	X(DIFFERENTIAL, "differential", "开票", "差额征税", "扣除额和扣除凭证")                    \
	X(PAYMENTS, "payments", "开票", "支付渠道", "支付渠道、交易单号和结算方式")                \
	X(PERSON, "person", "开票", "经办人", "购方自然人的证件、邮箱，购方经办人")                \
	X(SHOWN, "shown", "开票", "展示", "备注里展示的地址、电话、开户行和账号")                  \
	X(EXTRAS, "extras", "开票", "附加要素", "合同号一类的附加要素：名称、类型、内容")          \
	X(PREFERENCE, "preference", "开票", "优惠政策", "当前行的优惠政策")                        \
	X(COAL_KIND, "coal-kind", "开票", "煤炭种类", "当前行的煤炭种类")                          \
	X(AGAIN, "again", "开票", "上次照开", "照开给这个购方的上一张发票填好")                    \
	X(LAST_PRICE, "last-price", "开票", "上次单价", "单价取这个购方上次的价")                  \
	X(TAIL, "tail", "开票", "尾差", "各行和合计的税额差，调整税额的建议")                      \
	X(PHRASES, "phrases", "开票", "常用语", "备注常用语：放入备注，新增、编辑、删除")          \
	X(SPLIT, "split", "开票", "拆分", "超过限额、额度或行数的，拆成几张草稿")                  \
	X(JOIN, "join", "开票", "合并", "勾选的几张合并成一张")                                    \
	X(TAKE_BACK, "take-back", "开票", "撤销合并", "撤销得到这张草稿的合并或拆分")              \
	X(TEMPLATES, "templates", "开票", "发票模板", "从存好的模板开始")                          \
	X(TEMPLATE_SAVE, "template-save", "开票", "存为模板", "当前发票存为模板")                  \
	X(DRAFTS, "drafts", "开票", "草稿", "打开草稿列表")                                        \
	X(DRAFT_SAVE, "draft-save", "开票", "存草稿", "保存草稿")                                  \
	X(COPY_INVOICE, "copy-invoice", "开票", "复制开票", "从已开的发票复制")                    \
	X(NEW_INVOICE, "new-invoice", "开票", "新开票", "打开空白的蓝字发票")                      \
	X(DOWNLOAD, "download", "开票", "下载", "保存版式文件（PDF、OFD、XML）")                   \
	X(ARCHIVE, "archive", "开票", "打包下载", "勾选的或一个月的版式文件存为一个压缩包")        \
	X(EVENTS, "events", "开票", "经过", "每次上传和税局的答复，谁做了什么")                    \
	X(PREVIEW, "preview", "开票", "预览", "查看票面")                                          \
	X(RETRY, "retry", "开票", "重试", "失败的再来：发票用原号码重开，邮件、推送重发")          \
	X(MAIL, "mail", "开票", "发邮件", "把发票的版式文件用邮件发给购方")                        \
	X(PUSH, "push", "开票", "推送", "把开票结果推送到业务系统")                                \
	X(VOID, "void", "开票", "作废", "作废开具失败的号码")                                      \
	X(BATCH_START, "batch-start", "开票", "开始开票", "开始一个批次，或继续暂停的")            \
	X(BATCH_PAUSE, "batch-pause", "开票", "暂停", "暂停批次：已取号的照常开完")                \
	X(BATCH_CANCEL, "batch-cancel", "开票", "取消其余", "没有取号的不再开")                    \
	X(BATCH_RESULT, "batch-result", "开票", "导出结果", "流水号、号码、状态、原因存为 xlsx")   \
	X(SKIP, "skip", "开票", "不开", "勾选的或当前的不在这一批里开")                            \
	X(UNSKIP, "unskip", "开票", "恢复", "不开的重新列入这一批")                                \
	/* screens */                                                                              \
	X(GO_HOME, "go-home", "画面", "首页", "今天要办的事")                                      \
	X(GO_BLUE, "go-blue", "画面", "蓝字发票", "蓝字发票填开")                                  \
	X(GO_RED, "go-red", "画面", "红字发票", "红字确认单：查询、录入、处理、开具、下载")        \
	X(GO_BATCH, "go-batch", "画面", "批量开票", "批量开票：导入、检查、开票、结果")            \
	X(GO_INVOICES, "go-invoices", "画面", "开票记录", "开票记录查询")                          \
	X(GO_DELIVER, "go-deliver", "画面", "交付与推送", "邮件和推送：待发、结果、设置")          \
	X(GO_REPORT, "go-report", "画面", "统计报表", "按购方、商品、税率、开票人、日、月统计")    \
	X(GO_RECON, "go-recon", "画面", "对账", "把一个月与税局比对，列出两边的差异")              \
	X(GO_SUMMARY, "go-summary", "画面", "乐企汇总确认", "申报增值税以前汇总确认上月的发票")    \
	X(GO_DRAFTS, "go-drafts", "画面", "草稿", "草稿列表")                                      \
	X(GO_NUMBERS, "go-numbers", "画面", "数电领购", "号段、库存和领购")                        \
	X(GO_QUOTA, "go-quota", "画面", "授信额度", "额度、下载和退回")                            \
	X(GO_TAXPAYER, "go-taxpayer", "画面", "企业信息", "企业基本信息、风险、税率")              \
	X(GO_BUYERS, "go-buyers", "画面", "购方信息", "购方信息：客户名称、税号、地址")            \
	X(GO_GOODS, "go-goods", "画面", "商品信息", "商品信息：项目名称、税收编码、单价")          \
	X(GO_TYPES, "go-types", "画面", "业务类型", "业务类型")                                    \
	X(GO_CODES, "go-codes", "画面", "税收编码", "税收分类编码")                                \
	X(GO_UNITS, "go-units", "画面", "接入配置", "直连单位和使用单位")                          \
	X(GO_DRAWERS, "go-drawers", "画面", "开票员", "联用单位的开票人：证件、状态、绑定平台")    \
	X(GO_ELIGIBILITY, "go-eligibility", "画面", "接入条件", "信用级别 A/B/M 等四项条件")       \
	X(GO_WIZARD, "go-wizard", "画面", "开票业务配置", "从接入到首次同步")                      \
	X(GO_JOBS, "go-jobs", "画面", "任务", "任务列表")                                          \
	X(GO_RUNS, "go-runs", "画面", "日历", "到了日子自动办的事：办了没有，为什么")              \
	X(GO_PLAN, "go-plan", "画面", "日历计划", "一个月里到了日子要自动办的事")                  \
	X(GO_TASK, "go-task", "画面", "看进度", "正在进行的导入、导出，或它的结果")                \
	X(GO_DOCTOR, "go-doctor", "画面", "检查连接", "从本机到税局逐步检查，指出错在哪一步")      \
	X(GO_LOG, "go-log", "画面", "请求日志", "乐企请求日志")                                    \
	/* red letters */                                                                          \
	X(GO_RED_SENT, "go-red-sent", "红字", "我发出的", "我方录入的红字确认单")                  \
	X(GO_RED_RECEIVED, "go-red-received", "红字", "我收到的", "对方录入的红字确认单")          \
	X(GO_RED_APPLY, "go-red-apply", "红字", "录入",                                            \
	  "录入红字确认单：选择蓝字发票、原因、明细")                                              \
	X(GO_RED_HANDLE, "go-red-handle", "红字", "处理", "等确认的红字确认单：确认、否认")        \
	X(GO_RED_ISSUE, "go-red-issue", "红字", "开具", "可以开具红字发票的确认单")                \
	X(GO_RED_DOWNLOAD, "go-red-download", "红字", "下载确认单",                                \
	  "一段日期录入的红字确认单下载成工作簿")                                                  \
	X(RED_MORE, "red-more", "红字", "查看更多", "不只最近 10 条：分页看全部")                  \
	X(RED_CONFIRM, "red-confirm", "红字", "确认", "同意对方录入的红字确认单")                  \
	X(RED_DENY, "red-deny", "红字", "否认", "否认对方录入的红字确认单，它随之作废")            \
	X(RED_REVOKE, "red-revoke", "红字", "撤销确认单", "撤销红字确认单，它随之作废")            \
	X(RED_AGAIN, "red-again", "红字", "重新提交", "申请失败的红字确认单照原样再申请")          \
	X(RED_DROP, "red-drop", "红字", "放弃", "申请失败的红字确认单不再申请，归入已作废")        \
	X(RED_ISSUE, "red-issue", "红字", "开具", "开具红字发票：当前的，或勾选的几张一起")        \
	X(RED_NEXT, "red-next", "红字", "继续开票", "回到列表接着开，查询条件不变")                \
	X(STEP_NEXT, "step-next", "红字", "下一步", "录入红字确认单：到下一步")                    \
	X(STEP_BACK, "step-back", "红字", "上一步", "录入红字确认单：回上一步，填过的都在")        \
	X(RED_SUBMIT, "red-submit", "红字", "提交", "提交录入的红字确认单")                        \
	X(RED_REASON, "red-reason", "红字", "冲红原因", "换一个冲红原因")                          \
	X(RED_LEAVE_OUT, "red-leave-out", "红字", "不冲", "当前行不冲，或重新列入")                \
	X(RED_GIVEN, "red-given", "红字", "手工录入", "要冲红的蓝字发票不是在这里开的：录入它")    \
	X(RED_FILE, "red-file", "红字", "从文件读", "要冲红的蓝字发票从 XML、JSON 文件读入")       \
	X(RED_WHOLE, "red-whole", "红字", "全额红冲", "把当前的蓝字发票全部冲红")                  \
	X(SHOW_RED, "show-red", "红字", "查看红票", "按这张确认单开具的红字发票")                  \
	X(SHOW_BLUE, "show-blue", "红字", "查看蓝票", "被冲红的蓝字发票")                          \
	/* units, numbers, quota */                                                                \
	X(ADD, "add", "办理", "新增", "新增一条")                                                  \
	X(EDIT, "edit", "办理", "编辑", "编辑当前记录")                                            \
	X(REMOVE, "remove", "办理", "删除", "删除当前记录")                                        \
	X(SAVE, "save", "办理", "保存", "保存填写的内容；接入配置里只保存，不验证")                \
	X(USE_UNIT, "use-unit", "办理", "选用单位", "选定为哪个使用单位开票；列表随之换成它的")    \
	X(AUTO, "auto", "办理", "自动设置", "自动领购、自动下载额度的设置")                        \
	X(VERIFY, "verify", "办理", "验证", "向税局验证")                                          \
	X(REMOVE_ALL, "remove-all", "办理", "连同记录删除",                                        \
	  "先备份，再连同发票、号码、额度的记录删除")                                              \
	X(FREEZE, "freeze", "办理", "冻结", "暂时不让这个使用单位开票，或解除")                    \
	X(SAFETY, "safety", "办理", "安全验证", "登记使用单位的开票安全验证截止日")                \
	X(FIRST_SYNC, "first-sync", "办理", "开始同步", "接入后取得企业信息、编码、额度和号码")    \
	X(SYNC_TAXPAYER, "sync-taxpayer", "办理", "同步税局信息",                                  \
	  "同步企业信息、风险、税率、额度")                                                        \
	X(SYNC_CODES, "sync-codes", "办理", "同步编码", "同步税收分类编码")                        \
	X(CLAIM, "claim", "办理", "领购发票", "领购号码")                                          \
	X(CLAIM_ON, "claim-continue", "办理", "继续领购", "没有领到的号码，用原流水号接着领")      \
	X(QUOTA_DOWNLOAD, "quota-download", "办理", "下载额度", "从税局下载额度")                  \
	X(QUOTA_RETURN, "quota-return", "办理", "退回额度", "把未使用的额度退回税局")              \
	X(QUOTA_ADJUST, "quota-adjust", "办理", "调整有效期", "调整额度使用区间")                  \
	X(QUOTA_REFRESH, "quota-refresh", "办理", "更新使用区间", "下载 1 元再退回，让税局更新")   \
	X(SYNC_QUOTA, "sync-quota", "办理", "同步额度", "同步局端额度")                            \
	X(RECON, "recon", "办理", "开始对账", "把一个月与税局比对；先显示清单还能申请几次")        \
	X(SUMMARY_CONFIRM, "summary-confirm", "办理", "汇总确认", "按本机的六个数确认一个月")      \
	X(SUMMARY_CANCEL, "summary-cancel", "办理", "取消确认", "取消汇总确认，13 日 0 时以前")    \
	X(SUMMARY_LOOK, "summary-look", "办理", "取税局的数", "取税局的汇总数，与本机的比")        \
	X(ADOPT, "adopt", "办理", "认作已开", "税局已有的发票认作已开")                            \
	X(DISMISS, "dismiss", "办理", "已核对", "查清了，这一处不再算差异")                        \
	X(WITHDRAW, "withdraw", "办理", "撤下", "取消没有发出的邮件，或搁置一条推送")              \
	X(MAIL_SET, "mail-set", "办理", "邮件设置", "邮件服务器、发件人、主题、附件、自动发送")    \
	X(PUSH_SET, "push-set", "办理", "推送设置", "推送地址、密钥、自动推送")                    \
	X(POST_TEST, "post-test", "办理", "测试", "发一封测试邮件，或推送一条测试事件")            \
	X(LOG_EXPORT, "log-export", "办理", "导出这一次",                                          \
	  "当前请求的全部内容存成文件，交给税局查")                                                \
	X(CANCEL_JOB, "cancel-job", "办理", "取消任务",                                            \
	  "取消尚未开始的任务，或停下正在导入导出的")                                              \
	/* buyers, goods, types, codes; files in and out */                                        \
	X(COPY_ROW, "copy-row", "资料", "复制新增", "照当前记录新增一条")                          \
	X(MERGE, "merge", "资料", "合并", "把重复的两条记录并成一条")                              \
	X(RECODE, "recode", "资料", "更换编码", "给编码已停用的商品换上新的税收编码")              \
	X(HISTORY, "history", "资料", "开票历史", "用过当前记录的发票")                            \
	X(ADDRESS_ADD, "address-add", "资料", "加地址", "给购方再记一个地址、账号")                \
	X(ADDRESS_DEFAULT, "address-default", "资料", "设为默认", "开票时先用这个地址")            \
	X(TAKE_HINT, "take-hint", "资料", "采用建议", "采用建议的税收分类编码")                    \
	X(IMPORT_LINES, "import-lines", "开票", "导入明细",                                        \
	  "明细从 xlsx、CSV 文件导入，税局的明细模板原样可用")                                     \
	X(PUT_LINES, "put-lines", "开票", "放入", "把预览的明细放入发票，追加或替换")              \
	X(LINES_MODE, "lines-mode", "开票", "含税/不含税",                                         \
	  "把文件里的单价和金额改按含税或不含税读，全部重算")                                      \
	X(KEEP_BUYER, "keep-buyer", "资料", "存购方", "把发票上的购方存入购方信息")                \
	X(CHANGES, "changes", "资料", "变化", "上次同步或导入改变了什么")                          \
	X(IMPORT, "import", "资料", "批量导入", "从 xlsx、CSV 文件导入")                           \
	X(TEMPLATE, "template", "资料", "模板", "下载模板：一份可以填写的空白工作簿")              \
	X(START, "start", "资料", "开始", "开始导入或导出")                                        \
	X(UPLOAD, "upload", "资料", "上传", "用 rz 从自己的电脑传一个文件上来")                    \
	X(SEND, "send", "资料", "传到本机", "用 sz 把刚存好的文件传到自己的电脑")

enum action {
	ACT_NONE,
#define UI_ACTION_ENUM(id, name, group, label, help) ACT_##id,
	UI_ACTIONS(UI_ACTION_ENUM)
#undef UI_ACTION_ENUM
	    ACT_COUNT
};

struct action_info {
	const char *name, *group, *label, *help;
};
const struct action_info *action_info(enum action a); /* never NULL; empty words for ACT_NONE */
enum action action_by_name(const char *name);         /* ACT_NONE when unknown */
/* Does the text select the action in the palette: part of name, label, help or the path manuals
 * have it under, or the pinyin initials of the label (every reading of a polyphone)?  "" selects
 * all. */
bool action_matches(enum action a, const char *text);

#endif
