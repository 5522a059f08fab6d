/* sandbox/faults.h - switches that make the platform misbehave on demand.
 *
 * A switch is on for one service or all, for a number of times or until cleared, always or with a
 * probability, at once or after `skip` of them.  Set by POST /faults:
 * {"drop_reply":{"service":"QDFPSC","times":1}, "delay_ms":50, "gzip":true, "error":"5001",
 * "html":false}.  A number is `value`, a string `text`.
 */
#ifndef KP_SANDBOX_FAULTS_H
#define KP_SANDBOX_FAULTS_H

#include "sandbox/sandbox_p.h"

/* id, name, meaning; `value` and `text` say what the switch takes */
#define FAULT_KINDS(X)                                                                             \
	X(FAULT_REFUSE, "refuse", "关闭连接，不读请求")                                            \
	X(FAULT_ERROR, "error", "平台错误，text 为代码，如 5001、4057；message 可给文字")          \
	X(FAULT_FLOW_CONTROL, "flow_control", "流量控制，value 为并发数")                          \
	X(FAULT_HTTP_STATUS, "http_status", "HTTP 状态 value，正文为 HTML")                        \
	X(FAULT_HTML, "html", "HTTP 200，正文为 HTML")                                             \
	X(FAULT_DROP_REPLY, "drop_reply", "处理并提交后断开，不应答")                              \
	X(FAULT_DELAY, "delay_ms", "应答前等待 value 毫秒（已提交）")                              \
	X(FAULT_TRUNCATE, "truncate", "正文只发一半后断开")                                        \
	X(FAULT_SLOW_BODY, "slow_body", "正文每 value 毫秒发 16 字节")                             \
	X(FAULT_BAD_JSON, "bad_json", "应答不是合法 JSON")                                         \
	X(FAULT_BAD_KEY, "bad_key_reply", "Data 用另一把密钥加密")                                 \
	X(FAULT_OVERSIZE, "oversize", "应答补白到 value MiB")                                      \
	X(FAULT_GZIP, "gzip", "所有应答压缩")                                                      \
	X(FAULT_ENVELOPE_OBJECT, "envelope_object", "body 为对象而不是文本")                       \
	X(FAULT_STATUS_NUMBER, "status_number", "httpStatusCode 为数字")                           \
	X(FAULT_WRAPPED_BASE64, "wrapped_base64", "Data 每 76 字符一个换行")                       \
	X(FAULT_JSON_NUMBERS, "json_numbers", "金额和数量为 JSON 数字")                            \
	X(FAULT_LIST_NAME, "list_name", "ssbmList、slzslList 改名为 text")                         \
	X(FAULT_KEEP_PROCESSING, "keep_processing", "上传后 value 秒内状态保持 01")                \
	X(FAULT_FAIL_RESULT, "fail_result", "新上传的发票状态 02，text 为原因，times 按张计")      \
	X(FAULT_DUPLICATE_SYNC, "duplicate_as_sync_refusal", "已知号码使整批同步拒绝")             \
	X(FAULT_PAUSED_QUOTA, "paused_quota", "暂停赋额标志 Y")                                    \
	X(FAULT_STUCK_INTERVAL, "stuck_interval", "调整有效期不改使用区间，再下载才改")            \
	X(FAULT_STRICT_YLBM, "strict_ylbm", "沙箱环境要求 ylbm 或 sxcsbz")                         \
	X(FAULT_COLLECT_FAILS, "collect_fails", "归集的下载申请处理失败（cljg 3）")                \
	X(FAULT_BOMB, "bomb", "归集的数据流解压成 value MiB，text 为 string 时在一个字段里")       \
	X(FAULT_BLUE_UNKNOWN, "blue_unknown",                                                      \
	  "蓝字发票上传后 value 秒内申请红字答复 21；0 为一直")                                    \
	X(FAULT_EMPTY_LIST, "empty_list", "没有确认单时答复空列表，不是 RI3004")                   \
	X(FAULT_LIST_LAG, "list_lag", "确认单录入后 value 秒内不在列表里")                         \
	X(FAULT_SUMMARY_LAG, "summary_lag", "汇总数晚 value 秒才计入新的发票")                     \
	X(FAULT_SUMMARY_REQUIRED, "summary_required", "上月没有汇总确认时不收发票（BD1004）")      \
	X(FAULT_BI_RETURNCODE, "bi_returncode", "returncode 直接为 BI、RI 代码或 N")

enum fault_kind {
#define X(id, name, text) id,
	FAULT_KINDS(X)
#undef X
	    FAULT_N
};

enum { FAULT_TEXT = 200 };

struct fault {
	enum fault_kind kind;
	char service[32]; /* "" = every service */
	int64_t skip;     /* so many are let through before */
	int64_t times;    /* -1 = until cleared */
	uint32_t percent; /* probability */
	bool after;       /* the request is processed and committed first */
	int64_t value;
	char text[FAULT_TEXT], message[FAULT_TEXT];
};

/* True when the switch acts on this service now; counts it down.  out may be NULL.  A NULL service
 * matches only switches without a service. */
bool fault_take(enum fault_kind kind, const char *service, struct fault *out);
/* Only switches set with this value of "after". */
bool fault_take_when(enum fault_kind kind, const char *service, bool after, struct fault *out);
/* The same without counting and without chance. */
bool fault_on(enum fault_kind kind, const char *service);
/* Sets switches from a JSON object; false with a sentence in error. */
bool fault_post(const cJSON *body, char error[256]);
void fault_clear(void);
void fault_write(struct json_out *o, const char *key);
/* The table of names and meanings, for --help. */
void fault_help(struct buf *b);

#endif
