/* invoices_json.c - an invoice with its state as JSON, for `invoices show` and for pushes. */
#include <stdio.h>

#include "base/date.h"
#include "base/json.h"
#include "store/post.h"
#include "tax/invoice_json.h"

void json_put_time(struct json_out *o, const char *key, int64_t t)
{
	char text[DATETIME_TEXT], iso[40];

	if (!t) {
		json_put(o, key, NULL);
		return;
	}
	datetime_text(t, text);
	snprintf(iso, sizeof(iso), "%.10sT%.8s+08:00", text, text + 11);
	json_put(o, key, iso);
}

void push_event_put_json(struct json_out *o, enum unit_env env, const struct invoice_record *r)
{
	char id[EVENT_ID_TEXT];

	json_put(o, "event_id", push_event_id(env, r->invoice.number, id));
	json_put(o, "event", "invoice.issued");
	json_put(o, "environment", unit_env_word(env));
	json_put_time(o, "occurred_at", r->finished_at);
	invoice_record_put_json(o, r);
}

void invoice_record_put_json(struct json_out *o, const struct invoice_record *r)
{
	json_put_int(o, "id", r->id);
	json_put(o, "state", invoice_state_word(r->state));
	json_put(o, "state_text", invoice_state_label(r->state));
	json_put(o, "message", r->message);
	json_put_int(o, "refusals", r->refusals);
	json_put_bool(o, "needs_person", r->needs_person);
	json_put_time(o, "created_at", r->created_at);
	json_put_time(o, "finished_at", r->finished_at);
	json_put(o, "reversed", invoice_reversal_word(r->reversed));
	json_put(o, "reversed_text", invoice_reversal_label(r->reversed));
	invoice_put_json(o, &r->invoice, true);
}
