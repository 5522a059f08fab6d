/* sentence.c - an error as one sentence: its mend names screens, not commands. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/view.h"

static const char CLAUSE_END[] = "；";

/* Where the person at the keyboard mends what the command line mends by a verb. */
static const struct {
	const char *code, *mend;
} MENDS[] = {
    {"numbers.short", "请到“数电领购”画面领购"},
    {"quota.none", "请到“授信额度”画面下载额度"},
    {"quota.short", "请到“授信额度”画面下载额度"},
    {"quota.interval", "请到“授信额度”画面按 m 调整有效期"},
    {"taxcode.unknown", "请到“税收编码”画面查找，或在那里同步编码"},
    {"taxpayer.none", "请到“企业信息”画面同步税局信息"},
    {"unit.safety", "请在电子税局延长，再到“接入配置”画面登记新的日期"},
    {"drawer.unregistered", "请管理员到“开票员”画面登记"},
    {"unit.none", "请到“开票业务配置”画面增加使用单位"},
    {"unit.inactive", "请到“开票业务配置”画面验证"},
    {"unit.direct_first", "请先验证直连单位"},
    {"unit.direct", "请先保存并验证直连单位"},
    {"unit.exists", "请到“接入配置”画面选中它编辑"},
    {"unit.choose", "请在首页按 U 选用一个"},
    {"unit.several", "请在首页按 U 选用一个"},
    {"unit.used", "有记录的须保留备查，按 z 冻结就不再开票；一定要删除按 X，会先备份"},
    {"unit.quota", "请到“授信额度”画面退回额度，再删除"},
    {"unit.unknown", "请到“接入配置”画面查看"},
    {"secret.form", "请到“接入配置”画面修改直连单位，重新录入密钥"},
    {"invoice.state", "请到“开票记录”画面查看它的详情"},
    {"order.exists", "请换一个订单号，或到“开票记录”画面查看"},
    {"job.invoice", "开票失败的发票请到“开票记录”画面作废"},
    {"batch.unknown", "请到“批量开票”画面查看"},
    {"batch.state", "请看“批量开票”里它现在的状态"},
    {"batch.strict", "请改好有问题的，或按 F10 后选“其余照开”"},
    {"batch.empty", "请看有问题的：按 e 编辑，或改好文件重新导入"},
    {"batch.paused", "处理好后按 F10 继续"},
    {"user.unknown", "请核对用户名，或问管理员"},
};

/* Options of the command line, and the fields of the form that are the same. */
static const struct {
	const char *option, *field;
} FIELDS[] = {
    {"用 unit edit --url 改正接入地址", "改正接入地址"},
    {"用 --connect-to 指定转发地址", "填写代理服务地址"},
    {"用 --ca-file 重新指定 PEM 格式的 CA 证书", "重新填写 PEM 格式的 CA 证书文件"},
    {"时用 --tls-name 写", "时在“证书名称”写"},
    {"时用 --proxy", "时填写“代理服务器”"},
    {"--connect-to", "“代理服务地址”"},
    {"--proxy", "“代理服务器”"},
    {"--ca-file", "“CA 证书文件”"},
    {"--tls-name", "“证书名称”"},
};

const char *ui_spoken(const char *text, char *out, size_t size)
{
	size_t n = 0, i;

	*out = 0;
	while (*text && n + 1 < size) {
		const char *word = NULL;

		for (i = 0; i < sizeof(FIELDS) / sizeof(FIELDS[0]) && !word; i++) {
			if (strncmp(text, FIELDS[i].option, strlen(FIELDS[i].option)) != 0)
				continue;
			word = FIELDS[i].field;
			text += strlen(FIELDS[i].option);
			text += *text == ' '; /* which parted it from the Chinese behind */
		}
		if (word && n && out[n - 1] == ' ')
			n--;
		if (word)
			n += (size_t)snprintf(out + n, size - n, "%s", word);
		else
			out[n++] = *text++;
		n = n < size ? n : size - 1;
		out[n] = 0;
	}
	out[text_whole(out, n)] = 0;
	return out;
}

static bool speaks_of_commands(const char *clause, size_t n)
{
	return memmem(clause, n, "kaipiao ", 8) || memmem(clause, n, "--", 2);
}

static const char *mend_of(const char *code)
{
	size_t i;

	for (i = 0; i < sizeof(MENDS) / sizeof(MENDS[0]); i++) {
		if (!strcmp(MENDS[i].code, code))
			return MENDS[i].mend;
	}
	return "";
}

/* The clauses of a mend that can be followed here; those of the command line give way. */
static void keep_mend(const struct err_info *e, char out[sizeof(e->hint)])
{
	const char *at = e->hint;
	bool dropped = false;
	size_t n = 0;

	*out = 0;
	while (*at) {
		const char *end = strstr(at, CLAUSE_END);
		size_t len = end ? (size_t)(end - at) : strlen(at);

		if (speaks_of_commands(at, len))
			dropped = true;
		else
			n += (size_t)snprintf(out + n, sizeof(e->hint) - n, "%s%.*s",
					      n ? CLAUSE_END : "", (int)len, at);
		at += len + (end ? strlen(CLAUSE_END) : 0);
	}
	if (dropped && !n)
		text_copy(out, sizeof(e->hint), mend_of(e->code));
}

const char *ui_sentence(const struct err_info *e, char *out, size_t size)
{
	struct err_info said = *e, copy = *e;

	/* A damaged home is mended by commands alone. */
	if (e->class != ERR_DAMAGED || *mend_of(e->code)) {
		ui_spoken(e->why, copy.why, sizeof(copy.why));
		ui_spoken(e->hint, said.hint, sizeof(said.hint));
		keep_mend(&said, copy.hint);
	}
	/* A verdict of a job has no subject. */
	if (!copy.what[0] && !copy.hint[0]) {
		text_copy(out, size, copy.why);
		return out;
	}
	return err_sentence(&copy, out, size);
}
