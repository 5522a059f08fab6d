/* message.c - the message line: one message, and how long it stays. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/loop.h"

enum { MESSAGE_TEXT = 1200 };

static struct {
	enum message_kind kind;
	char text[MESSAGE_TEXT];
	bool seen;
	unsigned serial;
} message;

void ui_message(enum message_kind kind, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message.text, sizeof(message.text), fmt, ap);
	va_end(ap);
	message.text[text_whole(message.text, strlen(message.text))] = 0;
	message.kind = kind;
	message.seen = false;
	message.serial++;
	view_redraw(view_top());
}

void ui_error(const struct err_info *e)
{
	char sentence[MESSAGE_TEXT];

	ui_message(MESSAGE_ERROR, "%s", ui_sentence(e, sentence, sizeof(sentence)));
}

enum message_kind message_kind(void)
{
	return message.kind;
}

const char *message_text(void)
{
	return message.text;
}

void message_seen(void)
{
	message.seen = true;
}

unsigned message_serial(void)
{
	return message.serial;
}

void message_clear(void)
{
	if (!*message.text)
		return;
	*message.text = 0;
	view_redraw(view_top());
}

void message_expire(unsigned serial_before, bool action)
{
	if (message.serial != serial_before || !*message.text)
		return;
	if (message.kind == MESSAGE_ERROR ? message.seen : action)
		message_clear();
}
