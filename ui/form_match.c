#include "ui/form_p.h"

#include "base/text.h"

enum { MATCH_FROM = 2 }; /* characters typed before the list opens */

void form_match_close(struct form *f)
{
	f->match_count = 0;
	f->match = -1;
}

int form_match_first(const char *text, int count)
{
	for (; *text; text++) {
		if ((unsigned char)*text >= 0x80)
			return count == 1 ? 0 : -1;
	}
	return count > 0 ? 0 : -1;
}

int form_match_move(int match, int count, int step)
{
	match += step;
	if (match < -1)
		return count - 1;
	return match >= count ? -1 : match;
}

void form_match_open(struct form *f)
{
	const struct field *fd = &f->fields[f->focus];
	const char *text = f->lines[f->focus].text;

	form_match_close(f);
	if (!fd->complete || text_chars(text) < MATCH_FROM)
		return;
	f->match_count = fd->complete(f, fd, text, f->matches, FORM_MATCHES);
	f->match = form_match_first(text, f->match_count);
}
