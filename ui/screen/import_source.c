/* import_source.c - where the file of an import comes from: a path that was typed, or the line. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base.h"
#include "ui/screen/import_p.h"
#include "ui/screen/saved.h"
#include "ui/transfer.h"

/* ---- over the line ---- */

/* Where the line is closed: how else a file gets here, and the folder to look in. */
static void tell_scp(struct form *f, int field, const char *why)
{
	char files[HOME_PATH], folder[HOME_PATH], text[HOME_PATH + 2], note[200];
	struct err_info e = {0};

	if (home_path(ui_session()->home, HOME_FILES, files, &e) ||
	    saved_folder(files, true, folder, &e)) {
		ui_error(&e);
		return;
	}
	snprintf(note, sizeof(note), "%s，不能用 rz 上传。", why);
	if (!*form_get(f, field)) {
		snprintf(text, sizeof(text), "%s/", files);
		form_set(f, field, text);
	}
	form_focus(f, field);
	view_push(
	    &view_saved_ops,
	    &(struct saved_arg) {.title = "上传", .note = note, .path = folder, .bring = true});
}

bool import_upload(struct form *f, int field, char uploaded[IMPORT_PATH])
{
	const char *why = transfer_why_not_receive();
	struct err_info e = {0};
	char path[IMPORT_PATH];

	if (why) {
		tell_scp(f, field, why);
		return false;
	}
	if (transfer_receive(path, sizeof(path), &e)) {
		ui_error(&e);
		return false;
	}
	if (*uploaded)
		transfer_received_remove(uploaded);
	text_copy(uploaded, IMPORT_PATH, path);
	form_set(f, field, path);
	ui_message(MESSAGE_GOOD, "收到 %s", strrchr(path, '/') + 1);
	return true;
}

void import_failures_of(const char *uploaded, char out[IMPORT_PATH])
{
	char files[HOME_PATH];

	*out = 0;
	if (!home_path(ui_session()->home, HOME_FILES, files, NULL) &&
	    !file_mkdirs(files, 0700, NULL))
		snprintf(out, IMPORT_PATH, "%.1000s/%.200s.失败.xlsx", files,
			 strrchr(uploaded, '/') + 1);
}

/* ---- a path ---- */

static bool is_readable(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode) && !access(path, R_OK);
}

/* Takes a path as a terminal gives it when a file is dragged into it: in quotes, or with a
 * backslash in front of blanks and brackets. */
static void unquote(const char *typed, char out[HOME_PATH])
{
	size_t n = strlen(typed), i, k = 0;
	bool quoted = n > 1 && (*typed == '\'' || *typed == '"') && typed[n - 1] == *typed;

	for (i = quoted; i + quoted < n && k + 1 < HOME_PATH; i++) {
		if (!quoted && typed[i] == '\\' && i + 1 < n)
			i++;
		out[k++] = typed[i];
	}
	out[k] = 0;
}

/* The file that was typed, as it stands or else without the shell's quotes. */
static bool find_file(const char *typed, char path[HOME_PATH])
{
	char plain[HOME_PATH];

	if (saved_expand(typed, path) && is_readable(path))
		return true;
	unquote(typed, plain);
	return saved_expand(plain, path) && is_readable(path);
}

bool import_find(struct form *f, int field, char out[IMPORT_PATH])
{
	char path[HOME_PATH];

	if (!find_file(form_get(f, field), path)) {
		form_fail(f, field, "没有这个文件，或不能读；请看路径对不对");
		return false;
	}
	text_copy(out, IMPORT_PATH, path);
	return true;
}
