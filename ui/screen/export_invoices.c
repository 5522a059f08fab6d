/* export_invoices.c - records of issuing as a workbook: the conditions of the list, kept. */
#include <stdlib.h>

#include "base/base.h"
#include "ui/screen/export_p.h"

static const char *kept(const char *text)
{
	return text ? mem_strdup(text) : NULL;
}

void export_query_invoices(struct export_query *q, const struct invoice_filter *f)
{
	struct kept_filter *k = &q->invoices;
	struct invoice_filter *to = &k->filter;

	q->has_invoices = true;
	*to = *f;
	to->buyer = kept(f->buyer);
	to->order_no = kept(f->order_no);
	to->number = kept(f->number);
	to->number_part = kept(f->number_part);
	to->remark = kept(f->remark);
	to->drawer = kept(f->drawer);
	to->text = kept(f->text);
	to->report_key = kept(f->report_key);
	k->state = f->state ? *f->state : INVOICE_DRAFT;
	k->kind = f->kind ? *f->kind : INVOICE_ORDINARY;
	k->from = f->gross_from ? *f->gross_from : 0;
	k->to = f->gross_to ? *f->gross_to : 0;
	to->state = f->state ? &k->state : NULL;
	to->kind = f->kind ? &k->kind : NULL;
	to->gross_from = f->gross_from ? &k->from : NULL;
	to->gross_to = f->gross_to ? &k->to : NULL;
}

void export_invoices_free(struct kept_filter *k)
{
	const char *texts[] = {k->filter.buyer,       k->filter.order_no,  k->filter.number,
			       k->filter.number_part, k->filter.remark,    k->filter.drawer,
			       k->filter.text,        k->filter.report_key};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		free((char *)(uintptr_t)texts[i]);
}

enum err export_invoices(struct session *s, const struct export_job *job, struct import_progress *p,
			 char *path, int64_t *rows, struct err_info *e)
{
	struct records_export o = {.folder = job->folder, .format = job->format};

	if (job->ids)
		o.choice = (struct records_choice) {.ids = job->ids, .id_count = job->id_count};
	else if (job->query.has_invoices)
		o.choice.filter = &job->query.invoices.filter;
	return desk_records_export(s, &o, p, rows, path, e);
}
