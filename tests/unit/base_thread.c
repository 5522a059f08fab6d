/* Threads get no signals; a wait ends when its moment has come, and not before. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/thread.h"

static void *look(void *arg)
{
	sigset_t *blocked = arg;

	pthread_sigmask(SIG_SETMASK, NULL, blocked);
	return arg;
}

static void test_signals(void **state)
{
	sigset_t blocked, own;
	pthread_t t;
	void *given;

	(void)state;
	assert_int_equal(thread_start(&t, look, &blocked), 0);
	assert_int_equal(pthread_join(t, &given), 0);
	assert_ptr_equal(given, &blocked);
	assert_true(sigismember(&blocked, SIGINT) && sigismember(&blocked, SIGTERM) &&
		    sigismember(&blocked, SIGWINCH) && sigismember(&blocked, SIGHUP));
	/* The one that started it has what it had. */
	pthread_sigmask(SIG_SETMASK, NULL, &own);
	assert_false(sigismember(&own, SIGINT) || sigismember(&own, SIGTERM));
}

static void test_moment(void **state)
{
	static const int64_t MS[] = {0, 1, 999, 1000, 1001, 61500};
	pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
	pthread_cond_t c = PTHREAD_COND_INITIALIZER;
	struct timespec until;
	int64_t before;
	size_t i;
	int r;

	(void)state;
	for (i = 0; i < sizeof(MS) / sizeof(MS[0]); i++) {
		before = clock_mono_ms();
		until = thread_moment(MS[i]);
		assert_in_range(until.tv_nsec, 0, 999999999);
		assert_in_range(until.tv_sec * 1000 + until.tv_nsec / 1000000, before + MS[i],
				clock_mono_ms() + MS[i]);
	}
	before = clock_mono_ms();
	until = thread_moment(20);
	pthread_mutex_lock(&m);
	do
		r = thread_wait(&c, &m, &until);
	while (!r);
	pthread_mutex_unlock(&m);
	assert_int_equal(r, ETIMEDOUT);
	assert_true(clock_mono_ms() - before >= 19);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_signals),
	    cmocka_unit_test(test_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
