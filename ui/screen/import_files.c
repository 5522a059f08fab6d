/* import_files.c - the names of files that go on from what was typed. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/base.h"
#include "ui/screen/import_p.h"
#include "ui/screen/saved.h"

enum { LOOKED_AT = 2000, FOUND = 200 };

struct found {
	char name[256];
	bool folder;
	bool failed; /* rows that an import could not take */
	int64_t size, at;
};

/* Names of files that can be read; they end with NULL. */
static const char *const BOOKS[] = {".xlsx", ".csv", ".tsv", ".txt", NULL};
static const char *const ORDERS[] = {".xlsx", ".csv", ".tsv", ".txt", ".json", NULL};

static bool has_suffix(const char *name, const char *const *suffixes)
{
	const char *dot = strrchr(name, '.');

	for (; dot && *suffixes; suffixes++) {
		if (!strcasecmp(dot, *suffixes))
			return true;
	}
	return false;
}

/* What an import has written of FILE: FILE.失败.xlsx, FILE.失败-2.xlsx. */
static bool is_of_failures(const char *name)
{
	static const char MARK[] = ".失败";
	const char *mark = strstr(name, MARK);

	return mark && (mark[sizeof(MARK) - 1] == '.' || mark[sizeof(MARK) - 1] == '-');
}

/* Files before folders, the newest first; folders by name; failed rows last of all: they are seldom
 * what one has come for, and every import leaves some. */
static int in_order(const void *x, const void *y)
{
	const struct found *a = x, *b = y;

	if (a->failed != b->failed)
		return a->failed ? 1 : -1;
	if (a->folder != b->folder)
		return a->folder ? 1 : -1;
	if (!a->folder && a->at != b->at)
		return a->at < b->at ? 1 : -1;
	return strcmp(a->name, b->name);
}

static bool look(int folder, const char *name, const char *const *suffixes, struct found *out)
{
	struct stat st;

	if (fstatat(folder, name, &st, 0) || !text_valid(name, strlen(name)))
		return false;
	out->folder = S_ISDIR(st.st_mode);
	if (!out->folder && !(S_ISREG(st.st_mode) && has_suffix(name, suffixes)))
		return false;
	out->failed = !out->folder && is_of_failures(name);
	out->size = st.st_size;
	out->at = st.st_mtime;
	return text_copy(out->name, sizeof(out->name), name);
}

/* A large folder is looked at as far as a key may take time. */
static int read_folder(const char *path, const char *begin, const char *const *suffixes,
		       struct found *out)
{
	size_t n = strlen(begin);
	struct dirent *entry;
	DIR *d = opendir(path);
	int count = 0, seen = 0;

	while (d && count < FOUND && seen++ < LOOKED_AT && (entry = readdir(d))) {
		if (strncmp(entry->d_name, begin, n) != 0 || (entry->d_name[0] == '.' && !n))
			continue;
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			count += look(dirfd(d), entry->d_name, suffixes, &out[count]);
	}
	if (d)
		closedir(d);
	qsort(out, (size_t)count, sizeof(*out), in_order);
	return count;
}

static void detail(const struct found *f, char *out, size_t size)
{
	char at[DATETIME_TEXT];

	if (f->folder)
		text_copy(out, size, "目录");
	else
		snprintf(out, size, "%lld KiB  %s%s", (long long)(f->size + 1023) / 1024,
			 datetime_text(f->at, at), f->failed ? "  失败的行" : "");
}

static int complete(const char *text, const char *const *suffixes, struct candidate *out, int max)
{
	const char *slash = strrchr(text, '/');
	char typed[HOME_PATH], folder[HOME_PATH];
	struct found *found;
	int i, n, count = 0;

	snprintf(typed, sizeof(typed), "%.*s", slash ? (int)(slash + 1 - text) : 0, text);
	if (!saved_expand(*typed ? typed : ".", folder))
		return 0;
	found = mem_zalloc(FOUND * sizeof(*found));
	n = read_folder(folder, slash ? slash + 1 : text, suffixes, found);
	for (i = 0; i < n && count < max; i++) {
		struct candidate *c = &out[count];
		int len = snprintf(c->label, sizeof(c->label), "%s%s%s", typed, found[i].name,
				   found[i].folder ? "/" : "");

		/* What is longer than a candidate, or typed already, is no help. */
		if (len >= (int)sizeof(c->label) || !strcmp(c->label, text))
			continue;
		detail(&found[i], c->detail, sizeof(c->detail));
		c->id = i;
		count++;
	}
	free(found);
	return count;
}

int import_complete(const struct form *f, const struct field *fd, const char *text,
		    struct candidate *out, int max)
{
	(void)f;
	(void)fd;
	return complete(text, BOOKS, out, max);
}

int import_complete_orders(const struct form *f, const struct field *fd, const char *text,
			   struct candidate *out, int max)
{
	(void)f;
	(void)fd;
	return complete(text, ORDERS, out, max);
}
