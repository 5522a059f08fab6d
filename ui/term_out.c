/* term_out.c - from curses to the terminal: through memory, counted, one write per update. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "ui/term_p.h"

enum {
	COPY_MAX = 74994,
	SCREEN_PART = 240
}; /* what common terminals take of OSC 52, screen of a DCS */

static FILE *stream;
static int memory = -1;
static bool silent, lost;
static unsigned long count;

FILE *term_out_open(bool headless, struct err_info *e)
{
	memory = memfd_create("screen", MFD_CLOEXEC);
	stream = memory < 0 ? NULL : fdopen(memory, "w+");
	if (!stream) {
		err_errno(e, errno, "终端缓冲区");
		if (memory >= 0)
			close(memory);
		memory = -1;
		return NULL;
	}
	silent = headless;
	lost = false;
	count = 0;
	return stream;
}

void term_out_close(void)
{
	if (stream)
		fclose(stream);
	stream = NULL;
	memory = -1;
}

void term_out_write(const char *bytes, size_t n)
{
	count += n;
	while (n && !silent && !lost) {
		ssize_t done = write(TERM_OUT, bytes, n);

		if (done < 0 && errno == EAGAIN) {
			struct pollfd p = {.fd = TERM_OUT, .events = POLLOUT};

			poll(&p, 1, -1);
			continue;
		}
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0) {
			lost = true;
			return;
		}
		bytes += done;
		n -= (size_t)done;
	}
}

void term_out_send(void)
{
	char chunk[16384];
	off_t size, at = 0;

	if (memory < 0)
		return;
	fflush(stream);
	size = lseek(memory, 0, SEEK_CUR);
	if (size <= 0)
		return;
	/* A screen fits one chunk; a bigger one takes a few writes. */
	while (at < size) {
		size_t want =
		    (size_t)(size - at) < sizeof(chunk) ? (size_t)(size - at) : sizeof(chunk);
		ssize_t n = pread(memory, chunk, want, at);

		if (n <= 0)
			break;
		term_out_write(chunk, (size_t)n);
		at += n;
	}
	if (ftruncate(memory, 0) || lseek(memory, 0, SEEK_SET) < 0)
		lost = true;
}

bool term_out_lost(void)
{
	return lost;
}

unsigned long term_bytes(void)
{
	unsigned long n = count;

	count = 0;
	return n;
}

/* ---- OSC 52 ---- */

static void base64(struct buf *out, const unsigned char *p, size_t n)
{
	static const char SET[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (; n; p += n < 3 ? n : 3, n -= n < 3 ? n : 3) {
		unsigned v = (unsigned)p[0] << 16 | (n > 1 ? (unsigned)p[1] << 8 : 0) |
			     (n > 2 ? (unsigned)p[2] : 0);

		buf_addc(out, SET[v >> 18]);
		buf_addc(out, SET[v >> 12 & 63]);
		buf_addc(out, n > 1 ? SET[v >> 6 & 63] : '=');
		buf_addc(out, n > 2 ? SET[v & 63] : '=');
	}
}

/* GNU screen hands on what stands in a DCS, and takes short ones only. */
static void wrap_for_screen(struct buf *b)
{
	struct buf w;
	size_t at, n;

	buf_init(&w, 4 * COPY_MAX);
	for (at = 0; at < b->len; at += n) {
		n = b->len - at < SCREEN_PART ? b->len - at : SCREEN_PART;
		buf_adds(&w, "\033P");
		buf_add(&w, b->data + at, n);
		buf_adds(&w, "\033\\");
	}
	buf_free(b);
	*b = w;
}

bool term_copy(const char *text)
{
	struct buf b;
	size_t n = strlen(text);
	bool ok;

	if (n > COPY_MAX / 4 * 3 || silent || lost)
		return false;
	buf_init(&b, COPY_MAX + 64);
	buf_adds(&b, "\033]52;c;");
	base64(&b, (const unsigned char *)text, n);
	buf_addc(&b, '\a');
	if (text_empty(getenv("TMUX")) && !text_empty(getenv("STY")))
		wrap_for_screen(&b);
	ok = !b.failed;
	if (ok)
		term_out_write(b.data, b.len);
	buf_free(&b);
	return ok;
}
