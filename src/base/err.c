#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const char *const CLASS_NAME[] = {
    [ERR_OK] = "ok",           [ERR_INTERNAL] = "internal", [ERR_USAGE] = "usage",
    [ERR_INVALID] = "invalid", [ERR_REFUSED] = "refused",   [ERR_UNKNOWN] = "unknown",
    [ERR_BUSY] = "busy",       [ERR_DENIED] = "denied",     [ERR_DAMAGED] = "damaged",
};

/* The faults of the machine that the person can mend. */
static const struct machine_fault {
	int errnum;
	const char *code, *why, *hint;
} MACHINE_FAULTS[] = {
    {ENOSPC, "disk.full", "磁盘已满", "请清理磁盘后重试"},
    {EDQUOT, "disk.quota", "磁盘配额已用完", "请清理文件或请管理员增加配额后重试"},
    {EROFS, "disk.readonly", "文件系统是只读的", "请重新挂载为可写后重试"},
    {EFBIG, "disk.limit", "文件大小超过系统允许的上限", "请放宽上限（ulimit -f）后重试"},
    {EIO, "disk.io", "磁盘读写出错", "请检查磁盘，必要时从备份恢复"},
};

void err_clear(struct err_info *e)
{
	if (e)
		memset(e, 0, sizeof(*e));
}

enum err err_not_busy(enum err r, struct err_info *e)
{
	if (r != ERR_BUSY)
		return r;
	err_clear(e);
	return ERR_OK;
}

/* vsnprintf that never leaves half a character at the cut. */
static void ERR_PRINTF(3, 0) print_whole(char *out, size_t size, const char *fmt, va_list ap)
{
	int n = vsnprintf(out, size, fmt, ap);

	if (n < 0)
		out[0] = 0;
	else if ((size_t)n >= size)
		out[text_whole(out, size - 1)] = 0;
}

enum err err_fail(struct err_info *e, enum err class, const char *code, const char *what,
		  const char *why_fmt, ...)
{
	va_list ap;

	if (!e)
		return class;
	err_clear(e);
	e->class = class;
	text_copy(e->code, sizeof(e->code), code);
	text_copy(e->what, sizeof(e->what), what);
	va_start(ap, why_fmt);
	print_whole(e->why, sizeof(e->why), why_fmt, ap);
	va_end(ap);
	return class;
}

void err_field(struct err_info *e, const char *fmt, ...)
{
	va_list ap;

	if (!e)
		return;
	va_start(ap, fmt);
	print_whole(e->field, sizeof(e->field), fmt, ap);
	va_end(ap);
}

void err_hint(struct err_info *e, const char *fmt, ...)
{
	va_list ap;

	if (!e)
		return;
	va_start(ap, fmt);
	print_whole(e->hint, sizeof(e->hint), fmt, ap);
	va_end(ap);
}

void err_detail(struct err_info *e, const char *fmt, ...)
{
	va_list ap;

	if (!e)
		return;
	va_start(ap, fmt);
	print_whole(e->detail, sizeof(e->detail), fmt, ap);
	va_end(ap);
}

const char *err_sentence(const struct err_info *e, char *out, size_t size)
{
	int n;

	if (!size)
		return "";
	out[0] = 0;
	if (!e)
		return out;
	n = snprintf(out, size, "%s%s%s%s%s%s", e->what, *e->what && *e->why ? "：" : "", e->why,
		     *e->hint ? "（" : "", e->hint, *e->hint ? "）" : "");
	if (n >= 0 && (size_t)n >= size)
		out[text_whole(out, size - 1)] = 0;
	return out;
}

const char *err_class_name(enum err class)
{
	unsigned i = (unsigned)class;

	if (i >= sizeof(CLASS_NAME) / sizeof(CLASS_NAME[0]))
		i = ERR_INTERNAL;
	return CLASS_NAME[i];
}

enum err err_errno(struct err_info *e, int errnum, const char *what)
{
	size_t i;
	char text[128];

	for (i = 0; i < sizeof(MACHINE_FAULTS) / sizeof(MACHINE_FAULTS[0]); i++) {
		const struct machine_fault *f = &MACHINE_FAULTS[i];

		if (f->errnum != errnum)
			continue;
		err_fail(e, ERR_DAMAGED, f->code, what, "%s", f->why);
		err_hint(e, "%s", f->hint);
		err_detail(e, "errno %d", errnum);
		return ERR_DAMAGED;
	}
	err_fail(e, ERR_INTERNAL, "system", what, "%s", strerror_r(errnum, text, sizeof(text)));
	err_detail(e, "errno %d", errnum);
	return ERR_INTERNAL;
}
