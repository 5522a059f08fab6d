/* v_backup.c - backup, restore, and the key of the home. */
#include <stdlib.h>
#include <string.h>

#include "cli/cli_p.h"

enum { PASSPHRASE_MAX = 1000 };

static const struct column BACKUP[] = {
    {"file", "文件", COLUMN_TEXT, 0},
    {"home", "主目录", COLUMN_TEXT, 0},
    {"old_database", "原数据库留在", COLUMN_OPTIONAL, 0},
    {"locked", "打不开的密钥和密码", COLUMN_NUMBER, FOR_JSON},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_backup = {"backup, restore", BACKUP};

static void print_backup(struct cli *c, const struct restored *r)
{
	struct grid g;

	cli_grid_init(&g, &shape_backup);
	cli_grid_text(&g, c->args[0]);
	cli_grid_text(&g, c->home);
	cli_grid_text(&g, r->aside);
	cli_grid_int(&g, r->locked);
	cli_one(c, &g);
}

/* The first line of --passphrase-file, malloc'd; NULL when it was not given. */
static enum err read_passphrase(struct cli *c, char **out)
{
	const char *path = cli_option(c, "passphrase-file");
	size_t n;
	enum err r;

	*out = NULL;
	if (!path)
		return ERR_OK;
	if ((r = file_read(path, PASSPHRASE_MAX, out, &n, &c->e)))
		return r;
	(*out)[strcspn(*out, "\r\n")] = 0;
	if (**out)
		return ERR_OK;
	free(*out);
	*out = NULL;
	return err_fail(&c->e, ERR_INVALID, "backup.passphrase", path, "第一行应为口令");
}

static void forget(char *passphrase)
{
	if (passphrase)
		secret_wipe(passphrase, strlen(passphrase));
	free(passphrase);
}

enum err verb_backup(struct cli *c)
{
	const struct restored none = {.locked = 0};
	char *passphrase;
	enum err r;

	if (cli_flag(c, "with-key") != (cli_option(c, "passphrase-file") != NULL))
		return cli_usage(c, "--with-key 与 --passphrase-file 要一起用");
	if ((r = read_passphrase(c, &passphrase)))
		return r;
	r = desk_backup_keyed(c->s, c->args[0], passphrase, &c->e);
	if (!r) {
		print_backup(c, &none);
		cli_say(c, passphrase
			       ? "主目录的密钥由口令密封在备份里，恢复到别处时要用这个口令。"
			       : "备份里没有主目录的密钥，恢复到别的主目录后要重新录入 API 密钥；"
				 "要带上密钥请加 --with-key。");
	}
	forget(passphrase);
	return r;
}

enum err verb_restore(struct cli *c)
{
	struct restored done;
	char *passphrase;
	enum err r = read_passphrase(c, &passphrase);

	if (r)
		return r;
	r = desk_restore(c->home, c->user, c->args[0], passphrase, cli_flag(c, "new-key"), &done,
			 &c->e);
	forget(passphrase);
	if (r)
		return r;
	print_backup(c, &done);
	if (done.key_made)
		cli_say(
		    c,
		    "主目录有了新的密钥文件 secret.key，它先于别处的密钥（KAIPIAO_KEY_FILE、systemd "
		    "凭据）使用。");
	if (done.locked)
		cli_say(c,
			"有 %lld 个密钥或密码打不开，请重新录入：API 密钥用 kaipiao unit edit 税号 "
			"--key-file，推送与邮箱用 push set、mail set。",
			(long long)done.locked);
	cli_say(c, "备份时未用的号码不再使用，请重新领购：kaipiao numbers claim 份数。");
	cli_say(
	    c,
	    "备份时未完成的发票将逐张向税局核对；备份之后开具的发票不在记录里，重开订单前请先核对。");
	return ERR_OK;
}

/* ---- key ---- */

static const struct column KEY[] = {
    {"renewed", "重新密封", COLUMN_NUMBER, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_key = {"key rotate", KEY};

enum err verb_key_rotate(struct cli *c)
{
	struct grid g;
	int64_t renewed;
	enum err r = desk_key_rotate(c->s, &renewed, &c->e);

	if (r)
		return r;
	cli_grid_init(&g, &shape_key);
	cli_grid_int(&g, renewed);
	cli_one(c, &g);
	cli_say(c, "主目录换了密钥；以前不带密钥的备份恢复后，要重新录入 API 密钥。");
	return ERR_OK;
}
