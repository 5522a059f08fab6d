/* 开票员 (B14): rules, masking, a register for each unit; joint units
 * collect nothing (A5). */
#include "unit/desk_lab.h"

static enum err add(struct lab *lab, const char *name, const char *type, const char *number,
		    char *warning)
{
	const struct drawer_form f = {.name = name, .id_type = type, .id_no = number};

	memset(&lab->e, 0, sizeof(lab->e));
	return desk_drawer_add(lab->s, &f, warning, &lab->e);
}

static enum err count_one(void *arg, const struct drawer *d)
{
	(void)d;
	++*(int *)arg;
	return ERR_OK;
}

static int counted(struct lab *lab)
{
	int n = 0;

	assert_int_equal(desk_drawer_list(lab->s, count_one, &n, &lab->e), ERR_OK);
	return n;
}

static void test_rules(void **state)
{
	static const struct {
		const char *name, *type, *number, *field; /* field NULL: taken */
	} rows[] = {
	    {"张三", "201", "11010519491231002X", NULL},
	    {"李四", "外国护照", "e1234567", NULL},
	    {"", "201", "1", "name"},
	    {" 王五", "201", "1", "name"},
	    {"王\xE2\x80\x8B五", "201", "1", "name"},
	    {"王五", "200", "1", "id_type"},
	    {"王五", "999", "1", "id_type"},
	    {"王五", "一种很长很长的没有的证件", "1", "id_type"},
	    {"王五", "", "1", "id_type"},
	    {"王五", "201", "", "id_no"},
	    {"王五", "201", "12-34", "id_no"},
	    {"王五", "201", "1234567890123456789012345678901", "id_no"},
	    {"王五", "201", "123456789012345678901234567890123456789012345", "id_no"},
	};
	struct lab *lab = *state;
	char warning[DRAWER_WARNING];
	int taken = 0;

	lab_stock(lab, 10, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum err r = add(lab, rows[i].name, rows[i].type, rows[i].number, warning);

		assert_int_equal(r, rows[i].field ? ERR_INVALID : ERR_OK);
		if (rows[i].field)
			assert_string_equal(lab->e.field, rows[i].field);
		taken += !r;
		assert_int_equal(counted(lab), taken);
	}
	assert_int_equal(add(lab, "张三", "201", "1", warning), ERR_INVALID);
	assert_string_equal(lab->e.code, "drawer.exists");
	assert_int_equal(add(lab, "赵六", "201", "110105194912310029", warning), ERR_OK);
	assert_true(*warning);
}

static void test_change(void **state)
{
	const struct drawer_form stop = {.state = "已停用", .name = "张三三"};
	struct lab *lab = *state;
	char warning[DRAWER_WARNING], masked[DRAWER_MASKED];
	struct drawer d;

	lab_stock(lab, 10, 0);
	assert_int_equal(add(lab, "张三", NULL, "11010519491231002x", warning), ERR_OK);
	assert_false(*warning);
	assert_int_equal(desk_drawer_get(lab->s, "张三", &d, &lab->e), ERR_OK);
	assert_string_equal(d.id_no, "11010519491231002X");
	assert_int_equal(d.state, DRAWER_BOUND);
	assert_string_equal(d.platform, "乐企平台");
	assert_string_equal(desk_drawer_mask(&d, masked), "1101**********002X");
	assert_int_equal(desk_drawer_edit(lab->s, "张三", &stop, warning, &lab->e), ERR_OK);
	assert_int_equal(desk_drawer_get(lab->s, "张三", &d, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "drawer.unknown");
	assert_int_equal(desk_drawer_get(lab->s, "张三三", &d, &lab->e), ERR_OK);
	assert_int_equal(d.state, DRAWER_STOPPED);
	assert_string_equal(d.id_no, "11010519491231002X");
	assert_int_equal(desk_drawer_remove(lab->s, "张三三", &lab->e), ERR_OK);
	assert_int_equal(counted(lab), 0);
}

static void test_mask(void **unused)
{
	static const char *const rows[][2] = {{"", ""},
					      {"1", "*"},
					      {"1234", "****"},
					      {"12345", "12*45"},
					      {"E12345678", "E1*****78"},
					      {"12345678901234", "12**********34"},
					      {"123456789012345", "1234*******2345"}};
	char out[DRAWER_MASKED];

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct drawer d = {.id = 0};

		text_copy(d.id_no, sizeof(d.id_no), rows[i][0]);
		assert_string_equal(desk_drawer_mask(&d, out), rows[i][1]);
	}
}

static void test_joint(void **unused)
{
	struct unit u = {.joint = true, .name = (char *)(uintptr_t) "甲"};
	struct err_info e = {0};

	(void)unused;
	assert_int_equal(desk_unit_collects(&u, &e), ERR_INVALID);
	assert_string_equal(e.why, "联用仅支持开票");
	u.joint = false;
	assert_int_equal(desk_unit_collects(&u, &e), ERR_OK);
}

#define T(name) cmocka_unit_test_setup_teardown(name, lab_open, lab_close)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_rules),
	    T(test_change),
	    cmocka_unit_test(test_mask),
	    cmocka_unit_test(test_joint),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
