/* find_p.h - the insides of the search index: terms, keys, blocks, lists.
 *
 * A table of its own and not the full text index of the database: that one takes a second for
 * 100,000 rows, several times as long as reading the workbook they come from, knows neither
 * readings nor initials, and gives candidates oldest first.  This one sorts integers.
 *
 * Terms of a text; characters that are passed over part nothing:
 *   name triples   three consecutive characters of a name, each as its initial, with every reading;
 *                  a name begins with SYMBOL_BEGIN and ends with two SYMBOL_END, so that runs of
 *                  one and two initials are ranges of triples
 *   code triples   the same of the characters of a code, apart for each kind of code, so that a
 *                  telephone is no candidate of a tax number; where letters are few, or hardly
 *                  tell, two of them share a symbol
 *   first pairs    the two characters that a mnemonic begins with, in place of the triple of them:
 *                  initials that are typed are mostly two, and sharing symbols would make four of
 *                  five candidates false
 *   syllables      every reading of every character of a name
 *   pairs          two consecutive syllables, thrown into few terms: enough to tell, beside the
 *                  syllables themselves, whether they stand together
 *   characters     every character of a name, also brackets and punctuation
 *   TERM_LONG      in place of all: a text of too many; a candidate of every search
 */
#ifndef KP_STORE_FIND_P_H
#define KP_STORE_FIND_P_H

#include "base/pinyin.h"
#include "store/find.h"

enum {
	SYMBOL_DIGIT = 26, /* 0..25 letters, then ten digits */
	SYMBOL_OTHER = 36, /* no reading: kana, Greek ... */
	SYMBOL_BEGIN,
	SYMBOL_END,
	SYMBOLS,
	TRIPLES = SYMBOLS * SYMBOLS * SYMBOLS,
	LETTERS = SYMBOL_DIGIT,
	SYMBOLS_PAIRED = SYMBOLS - LETTERS / 2, /* two letters to a symbol */
	TRIPLES_PAIRED = SYMBOLS_PAIRED * SYMBOLS_PAIRED * SYMBOLS_PAIRED,
};
enum { PAIR_BITS = 14 };
enum {
	TERM_NAME = 0,
	TERM_OTHER = TERM_NAME + TRIPLES,
	TERM_NUMBER = TERM_OTHER + TRIPLES,
	TERM_MNEMONIC = TERM_NUMBER + TRIPLES_PAIRED,
	TERM_SYLLABLE = TERM_MNEMONIC + TRIPLES_PAIRED,
	TERM_CHAR = TERM_SYLLABLE + PINYIN_SYLLABLES,
	TERM_PAIR = TERM_CHAR + 0x10000,
	TERM_LONG = TERM_PAIR + (1 << PAIR_BITS),
	TERM_FIRST, /* the two symbols that a mnemonic begins with */
	TERM_END = TERM_FIRST + SYMBOLS * SYMBOLS,
};
enum {
	DOC_BITS = 29,
	TERM_BITS = 18,
	DOC_MAX = (1 << DOC_BITS) - 1,
	TERM_MASK = (1 << TERM_BITS) - 1,
	LIST_MAX = 0xFFFF,
};
_Static_assert((int)TERM_END <= (int)TERM_MASK, "terms fit into their part of a key");

/* Of a name. */
static inline uint32_t find_triple(uint32_t a, uint32_t b, uint32_t c)
{
	return TERM_NAME + (a * SYMBOLS + b) * SYMBOLS + c;
}

/* The triples of a kind of code. */
struct find_space {
	uint32_t base, letters; /* to a symbol: 1 or 2 */
	/* Terms of what a code begins with, letters apart, in place of the triples that begin with
	 * SYMBOL_BEGIN; 0: none.  Documents that are older than these terms have the triples. */
	uint32_t first;
};
extern const struct find_space find_spaces[FIND_FIELDS]; /* but for names; find_terms.c */

static inline uint32_t find_space_symbols(const struct find_space *s)
{
	return SYMBOLS - LETTERS + ((uint32_t)LETTERS >> (s->letters - 1));
}

static inline uint32_t find_space_symbol(const struct find_space *s, uint32_t symbol)
{
	unsigned shift = s->letters - 1;

	return symbol < LETTERS ? symbol >> shift : symbol - LETTERS + ((uint32_t)LETTERS >> shift);
}

static inline uint32_t find_code_triple(const struct find_space *s, uint32_t a, uint32_t b,
					uint32_t c)
{
	uint32_t size = find_space_symbols(s);

	return s->base + (find_space_symbol(s, a) * size + find_space_symbol(s, b)) * size +
	       find_space_symbol(s, c);
}

static inline uint32_t find_first_pair(const struct find_space *s, uint32_t a, uint32_t b)
{
	return s->first + a * SYMBOLS + b;
}

/* Of a letter, a digit, or another character taken for itself. */
static inline uint32_t find_symbol(uint32_t cp)
{
	if (cp >= 'a' && cp <= 'z')
		return cp - 'a';
	return cp >= '0' && cp <= '9' ? cp - '0' + SYMBOL_DIGIT : SYMBOL_OTHER;
}

/* Exact in the basic plane. */
static inline uint32_t find_char(uint32_t cp)
{
	return TERM_CHAR + (cp < 0x10000 ? cp : cp * UINT32_C(2654435761) >> 16);
}

static inline uint32_t find_pair(uint32_t a, uint32_t b)
{
	return TERM_PAIR + ((a * PINYIN_SYLLABLES + b) * UINT32_C(2654435761) >> (32 - PAIR_BITS));
}

/* ---- blocks ---------------------------------------------------------------------------------- */

/* Three blocks fill a page of 4 KiB of the table, six one of 8. */
enum { BLOCK_BYTES = 1340, BLOCK_DOCS = BLOCK_BYTES + 1, VARINT_MAX = 5 };

static inline int64_t find_key(int64_t list, uint32_t term, int64_t doc)
{
	return list << (TERM_BITS + DOC_BITS) | (int64_t)term << DOC_BITS | doc;
}

static inline uint32_t find_key_term(int64_t key)
{
	return (uint32_t)(key >> DOC_BITS) & TERM_MASK;
}

/* Seven bits a byte, low ones first; returns the bytes. */
static inline size_t find_varint(unsigned char *out, uint32_t v)
{
	size_t n = 0;

	for (; v > 127; v >>= 7)
		out[n++] = (unsigned char)(v | 128);
	out[n++] = (unsigned char)v;
	return n;
}

/* The documents of a block, ascending; ends early where its content is damaged. */
size_t find_decode(int64_t key, const unsigned char *bytes, size_t n, uint32_t out[BLOCK_DOCS]);

/* New blocks that are stored together: several to a statement. */
enum { GROUP_BLOCKS = 32 };
struct find_group {
	size_t count;
	int64_t keys[GROUP_BLOCKS];
	size_t used[GROUP_BLOCKS];
	unsigned char bytes[GROUP_BLOCKS][BLOCK_BYTES];
};

/* All blocks of a group into the table. */
enum err find_group_store(struct db *db, struct find_group *g, struct err_info *e);

struct find_pipe; /* find_pipe.c */
/* Writes the documents of one term after another, ascending, into blocks; goes on with the last
 * block of a term when there is room in it. */
struct find_writer {
	struct db *db;
	struct find_group *group; /* the caller's; NULL: blocks are stored one by one */
	struct find_pipe *pipe;   /* where full groups go; NULL: they are stored */
	int64_t list;
	bool fresh; /* the list has no blocks yet */
	uint32_t term, last;
	int64_t key; /* of the block in hand; 0: none */
	bool stored; /* it is in the table already */
	bool dirty;
	size_t used;
	unsigned char bytes[BLOCK_BYTES];
};
enum err find_writer_open(struct find_writer *w, struct db *db, int64_t list, struct err_info *e);
/* Ascending; one may come twice. */
enum err find_writer_add(struct find_writer *w, uint32_t term, uint32_t doc, struct err_info *e);
/* Copies distances that follow the document `after` of the term, at most `most`, as far as they are
 * of one or two bytes and there is room in the block in hand; none unless that document is the last
 * of it.  Returns the bytes, *docs gets the documents.  The last one is w->last. */
size_t find_writer_copy(struct find_writer *w, uint32_t term, uint32_t after,
			const unsigned char *bytes, size_t n, size_t most, size_t *docs);
/* With a group no term may come back before the end. */
enum err find_writer_end(struct find_writer *w, struct err_info *e);

/* Everything that `write` adds to the writer, terms ascending, and the end.  It may run in another
 * thread, beside the storing of the blocks: it has nothing to do with the database then. */
typedef enum err (*find_write)(void *arg, struct find_writer *w, struct err_info *e);
enum err find_write_all(struct find_writer *w, find_write write, void *arg, struct err_info *e);
/* For the writer: hands the group over and gets an empty one. */
enum err find_pipe_give(struct find_pipe *p, struct find_group **group, struct err_info *e);

/* The list of a catalogue and its next document number; made when it is not there. */
enum err find_list_get(struct db *db, int64_t scope, enum find_kind k, int64_t *list, int64_t *doc,
		       struct err_info *e);

#endif
