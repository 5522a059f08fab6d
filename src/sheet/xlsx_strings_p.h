/* xlsx_strings_p.h - shared strings while they are loaded: xlsx_strings.c keeps and finds them,
 * xlsx_strings_load.c has the thread.
 */
#ifndef KP_SHEET_XLSX_STRINGS_P_H
#define KP_SHEET_XLSX_STRINGS_P_H

#include <pthread.h>

#include "sheet/read.h"
#include "sheet/strings_p.h"

enum {
	STRINGS_BLOCK = 64,            /* strings between two known places, at most */
	STRINGS_BLOCK_SIZE = 16 << 10, /* bytes from which on a block takes no more strings */
	STRINGS_LENGTH = 4,            /* bytes of a length, and of a place */
	STRINGS_HIDDEN = 24,           /* bits of a length before those of what is hidden */
	STRINGS_SINGLE_MAX = STRINGS_LENGTH + 4 * SHEET_TEXT_MAX + 1, /* the longest record */
};

struct strings_slot;
struct strings_block {
	int64_t place, first; /* in the file; the number of its first string */
};
struct sheet_strings {
	struct sheet_zip *zip;
	int64_t part;
	const char *what;
	size_t limit;

	/* The thread's, until it has ended. */
	char *memory; /* afterwards the reader's */
	size_t used;
	int64_t count;
	int fd;       /* -1 until they are spilled */
	char *buffer; /* of what goes to the file; NULL: nothing does yet */
	size_t buffered;
	int64_t flushed;
	struct strings_block *blocks; /* the last is the end of the file */
	size_t block_count, block_room;

	pthread_t thread;
	bool started;
	pthread_mutex_t mutex; /* over what follows */
	pthread_cond_t moved;
	int64_t ready, done; /* strings in memory, bytes of the part */
	bool spilling, stop, ended;
	enum err verdict;
	struct err_info error;

	/* The reader's. */
	int64_t known; /* strings that need no waiting */
	bool from_file;
	struct strings_slot *slots;
	size_t cached;
	int64_t recent; /* block of the last string */
};

/* The next string, which goes to the memory or to the file. */
enum err strings_add(struct sheet_strings *s, const char *text, size_t len, uint8_t hidden,
		     struct err_info *e);
/* After the last one. */
enum err strings_settle(struct sheet_strings *s, struct err_info *e);
/* Until the i-th is there; sets what the reader knows. */
enum err strings_await(struct sheet_strings *s, int64_t i, struct err_info *e);
void strings_free_slots(struct sheet_strings *s);

#endif
