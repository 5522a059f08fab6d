#include "ui/action.h"

#include <string.h>
#include <strings.h>

#include "base/pinyin.h"

#define ROW(id, word, grp, lab, hlp)                                                               \
	[ACT_##id] = {.name = word, .group = grp, .label = lab, .help = hlp},
static const struct action_info ACTIONS[ACT_COUNT] = {[ACT_NONE] = {"", "", "", ""},
						      UI_ACTIONS(ROW)};
#undef ROW

const struct action_info *action_info(enum action a)
{
	return a > ACT_NONE && a < ACT_COUNT ? &ACTIONS[a] : &ACTIONS[ACT_NONE];
}

enum action action_by_name(const char *name)
{
	for (int a = ACT_NONE + 1; a < ACT_COUNT; a++) {
		if (!strcmp(ACTIONS[a].name, name))
			return (enum action)a;
	}
	return ACT_NONE;
}

bool action_matches(enum action a, const char *text)
{
	const struct action_info *info = action_info(a);

	return strcasestr(info->name, text) || strstr(info->label, text) ||
	       strstr(info->help, text) || pinyin_match(info->label, text);
}
