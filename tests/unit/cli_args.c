/* The command line taken apart: globals anywhere, options of verbs, wrong usage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
/* cmocka.h wants the headers above first. */
#include <cmocka.h>

#include "cli/cli_p.h"

enum { WORDS = 16 };

static enum err parse(struct cli *c, const char *const *words)
{
	static char copies[WORDS][200];
	static char *argv[WORDS + 1];
	int n = 0;

	memset(c, 0, sizeof(*c));
	snprintf(copies[n], sizeof(copies[0]), "kaipiao");
	argv[n] = copies[n];
	for (n = 1; words[n - 1]; n++) {
		snprintf(copies[n], sizeof(copies[0]), "%s", words[n - 1]);
		argv[n] = copies[n];
	}
	argv[n] = NULL;
	return cli_parse(c, n, argv);
}

#define LINE(...) ((const char *const[]) {__VA_ARGS__, NULL})

static void takes_globals_anywhere(void **state)
{
	struct cli c;

	(void)state;
	assert_int_equal(parse(&c, LINE("--home", "/x", "--json", "--unit=U", "--no-wait",
					"--timeout", "7", "invoices", "list", "--user", "anna")),
			 ERR_OK);
	assert_string_equal(c.home_arg, "/x");
	assert_string_equal(c.unit, "U");
	assert_string_equal(c.user, "anna");
	assert_true(c.json && c.no_wait);
	assert_int_equal(c.timeout_ms, 7000);
	assert_string_equal(c.action->sub, "list");
	assert_int_equal(parse(&c, LINE("version")), ERR_OK);
	assert_int_equal(c.timeout_ms, 60000);
	assert_false(c.json);
}

static void takes_options_and_arguments(void **state)
{
	struct cli c;
	int limit = 0;
	int64_t cursor = 0;

	(void)state;
	assert_int_equal(parse(&c, LINE("invoices", "file", "25", "--format=pdf", "-o", "-")),
			 ERR_OK);
	assert_string_equal(c.args[0], "25");
	assert_string_equal(cli_option(&c, "format"), "pdf");
	assert_string_equal(cli_option(&c, "o"), "-");
	assert_int_equal(parse(&c, LINE("blue", "issue", "-")), ERR_OK);
	assert_string_equal(c.args[0], "-");
	assert_int_equal(parse(&c, LINE("numbers", "claim", "-1")),
			 ERR_OK); /* judged by the verb */
	assert_string_equal(c.args[0], "-1");
	assert_int_equal(parse(&c, LINE("explain", "--", "--odd")), ERR_OK);
	assert_string_equal(c.args[0], "--odd");
	assert_int_equal(
	    parse(&c, LINE("log", "list", "--failed", "--limit", "3", "--cursor", "44")), ERR_OK);
	assert_true(cli_flag(&c, "failed"));
	assert_int_equal(cli_paging(&c, &limit, &cursor), ERR_OK);
	assert_int_equal(limit, 3);
	assert_int_equal(cursor, 44);
	assert_int_equal(parse(&c, LINE("unit", "edit", "T", "--name", "")), ERR_OK);
	assert_string_equal(cli_option(&c, "name"), ""); /* given, and empty */
	assert_null(cli_option(&c, "phone"));
}

static void refuses_wrong_usage(void **state)
{
	const char *const *const LINES[] = {
	    LINE("nonsense"),
	    LINE("unit"),
	    LINE("unit", "nonsense"),
	    LINE("blue", "issue"),
	    LINE("blue", "issue", "a", "b"),
	    LINE("blue", "issue", "a", "--format", "pdf"),
	    LINE("invoices", "file", "1", "-format", "pdf"),
	    LINE("invoices", "file", "1", "--format"),
	    LINE("log", "list", "--failed=yes"),
	    LINE("--timeout", "-1", "version"),
	    LINE("--timeout", "1.5", "version"),
	    LINE("--home", "", "version"),
	    LINE("--nonsense", "version"),
	};
	struct cli c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(LINES) / sizeof(LINES[0]); i++) {
		assert_int_equal(parse(&c, LINES[i]), ERR_USAGE);
		assert_int_equal(c.e.class, ERR_USAGE);
		assert_true(*c.e.why && *c.e.hint);
	}
	assert_int_equal(parse(&c, LINE("jobs", "list", "--limit", "0")), ERR_OK);
	int limit;
	int64_t cursor;
	assert_int_equal(cli_paging(&c, &limit, &cursor), ERR_USAGE);
}

/* An option's arg with a | is a list of words to choose from (args.c): words one types, no
 * description that happens to have one. */
static void choices_are_words(void **state)
{
	static const char ENVS[] = "正式|沙箱|演练";
	const struct action *a;
	const struct option *o;

	(void)state;
	for (a = cli_actions; a->verb; a++) {
		for (o = a->options; o->name; o++) {
			if (!o->arg || !strchr(o->arg, '|') || !strcmp(o->arg, ENVS))
				continue;
			if (o->arg[strspn(o->arg, "abcdefghijklmnopqrstuvwxyz0123456789-|")])
				fail_msg("%s --%s: %s", a->verb, o->name, o->arg);
		}
	}
}

static void every_verb_is_whole(void **state)
{
	const struct action *a;
	const struct option *o;

	(void)state;
	for (a = cli_actions; a->verb; a++) {
		assert_non_null(a->run);
		assert_non_null(a->options);
		assert_true(*a->help && a->min <= a->max);
		for (o = a->options; o->name; o++) {
			const struct option *g;

			assert_true(*o->help);
			/* --env is both, and must take the same words.  --unit of goods is what
			 * they are counted in; the seller is --unit before the verb. */
			for (g = cli_globals; g->name; g++) {
				if (!strcmp(o->name, g->name) &&
				    !(!strcmp(a->verb, "goods") && !strcmp(o->name, "unit")))
					assert_string_equal(o->arg, g->arg);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(takes_globals_anywhere), cmocka_unit_test(takes_options_and_arguments),
	    cmocka_unit_test(refuses_wrong_usage),    cmocka_unit_test(choices_are_words),
	    cmocka_unit_test(every_verb_is_whole),
	};

	return cmocka_run_group_tests_name("cli_args", tests, NULL, NULL);
}
