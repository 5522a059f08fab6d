/* Embedded files: found by name, listed by prefix in order, equal to the files of the tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/embed.h"
#include "base/file.h"

static void unknown_names_are_null(void **state)
{
	(void)state;
	assert_null(embed_find(""));
	assert_null(embed_find("data/"));
	assert_null(embed_find("data/schema/none.sql"));
	assert_null(embed_nth("nothing/", 0));
}

/* Tests run at the root of the tree; elsewhere there is nothing to compare with. */
static void every_file_is_whole(void **state)
{
	const struct embedded *f, *before = NULL;
	size_t i;

	(void)state;
	for (i = 0; (f = embed_nth("", i)); i++) {
		char *data;
		size_t n;

		assert_ptr_equal(embed_find(f->name), f);
		assert_int_equal(f->data[f->size], 0);
		assert_true(!before || strcmp(before->name, f->name) < 0);
		before = f;
		if (!file_exists(f->name))
			continue;
		assert_int_equal(file_read(f->name, 64 << 20, &data, &n, NULL), ERR_OK);
		assert_int_equal(n, f->size);
		assert_memory_equal(data, f->data, n);
		free(data);
	}
	assert_true(i > 0);
	assert_non_null(embed_nth("data/", 0));
	assert_null(embed_nth("", i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(unknown_names_are_null),
	    cmocka_unit_test(every_file_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
