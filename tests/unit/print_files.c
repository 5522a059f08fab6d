/* The files: bytes that repeat, the XML to the letter, the package, names and refusals. */
#include "print_help.h"

#include <pthread.h>
#include <zip.h>

#include "base/text.h"
#include "print/files_p.h"

static void render(enum print_format f, const struct print_face *face, struct buf *out)
{
	struct err_info e = {0};

	buf_init(out, PRINT_SIZE_MAX);
	if (print_render(f, face, out, &e) != ERR_OK)
		fail_msg("%s: %s", e.what, e.why);
}

static void bytes_repeat(void **state)
{
	struct print_face face, other_face;
	struct invoice inv, other;
	struct buf first, between, second;
	int f;

	(void)state;
	help_lines(&inv, 50);
	help_lines(&other, 3);
	/* Another alphabet, a noncharacter, a bad byte: nothing a writer may stumble over. */
	mem_set(&other.buyer.name, "另一家有限公司 ОАО Ωμέγα\xF4\x8F\xBF\xBF\xFF");
	face = help_face(&inv);
	other_face = help_face(&other);
	face.watermark = "演练";
	for (f = 0; f < PRINT_FORMATS; f++) {
		render((enum print_format)f, &face, &first);
		render((enum print_format)f, &other_face, &between);
		render((enum print_format)f, &face, &second);
		assert_int_equal(first.len, second.len);
		assert_memory_equal(first.data, second.data, first.len);
		assert_true(between.len != first.len);
		buf_free(&first);
		buf_free(&between);
		buf_free(&second);
	}
	invoice_free(&inv);
	invoice_free(&other);
}

struct job {
	struct print_face face;
	struct buf out;
	enum err result;
};

static void *render_job(void *arg)
{
	struct job *j = arg;

	buf_init(&j->out, PRINT_SIZE_MAX);
	j->result = print_render(PRINT_PDF, &j->face, &j->out, NULL);
	return NULL;
}

static void threads_agree(void **state)
{
	enum { THREADS = 4 };
	pthread_t thread[THREADS];
	struct job job[THREADS];
	struct invoice inv;
	int i;

	(void)state;
	help_lines(&inv, 12);
	for (i = 0; i < THREADS; i++) {
		job[i].face = help_face(&inv);
		assert_int_equal(pthread_create(&thread[i], NULL, render_job, &job[i]), 0);
	}
	for (i = 0; i < THREADS; i++) {
		pthread_join(thread[i], NULL);
		assert_int_equal(job[i].result, ERR_OK);
		assert_int_equal(job[i].out.len, job[0].out.len);
		assert_memory_equal(job[i].out.data, job[0].out.data, job[0].out.len);
	}
	for (i = 0; i < THREADS; i++)
		buf_free(&job[i].out);
	invoice_free(&inv);
}

static const char GOLDEN_XML[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<EInvoice>\n"
    "  <Header>\n"
    "    <EIid>26447000000000000001</EIid>\n"
    "    <EInvoiceTag>SWEI4403</EInvoiceTag>\n"
    "    <Version>0.36</Version>\n"
    "    <InherentLabel>\n"
    "      <InIssuType>\n"
    "        <LabelCode>Y</LabelCode>\n"
    "        <LabelName>是否蓝字发票标志</LabelName>\n"
    "      </InIssuType>\n"
    "      <EInvoiceType>\n"
    "        <LabelCode>01</LabelCode>\n"
    "        <LabelName>电子发票</LabelName>\n"
    "      </EInvoiceType>\n"
    "      <GeneralOrSpecialVAT>\n"
    "        <LabelCode>01</LabelCode>\n"
    "        <LabelName>增值税专用发票</LabelName>\n"
    "      </GeneralOrSpecialVAT>\n"
    "      <TaxpayerType>\n"
    "        <LabelCode>1</LabelCode>\n"
    "        <LabelName>一般纳税人</LabelName>\n"
    "      </TaxpayerType>\n"
    "    </InherentLabel>\n"
    "    <UndefinedLabel>\n"
    "      <Label>\n"
    "        <LabelType>企业行业性质类标签</LabelType>\n"
    "        <LabelCode>01,02</LabelCode>\n"
    "        <LabelName>成品油生产企业,成品油经销企业</LabelName>\n"
    "      </Label>\n"
    "      <Label>\n"
    "        <LabelType>发票开具方式标签</LabelType>\n"
    "        <LabelCode>5</LabelCode>\n"
    "        <LabelName>自建平台开票(乐企自用开票)</LabelName>\n"
    "      </Label>\n"
    "      <Label>\n"
    "        <LabelType>消费税纳税人标签</LabelType>\n"
    "        <LabelCode>01</LabelCode>\n"
    "        <LabelName>卷烟生产消费税纳税人</LabelName>\n"
    "      </Label>\n"
    "      <Label>\n"
    "        <LabelType>出口企业分类管理标签</LabelType>\n"
    "        <LabelCode>02</LabelCode>\n"
    "        <LabelName>二类出口企业</LabelName>\n"
    "      </Label>\n"
    "      <Label>\n"
    "        <LabelType>特定征税方式标签</LabelType>\n"
    "        <LabelCode>02,04</LabelCode>\n"
    "        <LabelName>零税率,免税</LabelName>\n"
    "      </Label>\n"
    "      <Label>\n"
    "        <LabelType>纳税人信用等级标签</LabelType>\n"
    "        <LabelCode>A</LabelCode>\n"
    "        <LabelName>A</LabelName>\n"
    "      </Label>\n"
    "    </UndefinedLabel>\n"
    "  </Header>\n"
    "  <EInvoiceData>\n"
    "    <SellerInformation>\n"
    "      <SellerIdNum>91440300MA5EXAMPL1</SellerIdNum>\n"
    "      <SellerName>深圳市晴川软件有限公司</SellerName>\n"
    "      <SellerAddr/>\n"
    "      <SellerTelNum/>\n"
    "      <SellerBankName>乙银行</SellerBankName>\n"
    "      <SellerBankAccNum/>\n"
    "    </SellerInformation>\n"
    "    <BuyerInformation>\n"
    "      <BuyerIdNum>91440101MA5EXAMPL2</BuyerIdNum>\n"
    "      <BuyerName>甲&amp;乙&lt;公司&gt;</BuyerName>\n"
    "      <BuyerTelNum>020-1</BuyerTelNum>\n"
    "      <BuyerAddr/>\n"
    "      <BuyerBankName/>\n"
    "      <BuyerBankAccNum/>\n"
    "      <BuyerHandlingName/>\n"
    "    </BuyerInformation>\n"
    "    <BasicInformation>\n"
    "      <TotalAmWithoutTax>210.00</TotalAmWithoutTax>\n"
    "      <TotalTaxAm>11.70</TotalTaxAm>\n"
    "      <TotalTax-includedAmount>221.70</TotalTax-includedAmount>\n"
    "      <TotalTax-includedAmountInChinese>贰佰贰拾壹圆柒角整</TotalTax-includedAmountInChinese>\n"
    "      <Drawer>林小满</Drawer>\n"
    "      <RequestTime>2026-01-31 09:30:00</RequestTime>\n"
    "    </BasicInformation>\n"
    "    <IssuItemInformation>\n"
    "      <ItemName>*计算机*主机</ItemName>\n"
    "      <SpecMod>X1</SpecMod>\n"
    "      <MeaUnits>台</MeaUnits>\n"
    "      <Quantity>2</Quantity>\n"
    "      <UnPrice>50</UnPrice>\n"
    "      <Amount>100.00</Amount>\n"
    "      <TaxRate>0.130000</TaxRate>\n"
    "      <ComTaxAm>13.00</ComTaxAm>\n"
    "      <TotaltaxIncludedAmount>113.00</TotaltaxIncludedAmount>\n"
    "      <TaxClassificationCode>1090509010000000000</TaxClassificationCode>\n"
    "    </IssuItemInformation>\n"
    "    <IssuItemInformation>\n"
    "      <ItemName>*计算机*主机</ItemName>\n"
    "      <SpecMod/>\n"
    "      <MeaUnits/>\n"
    "      <Quantity/>\n"
    "      <UnPrice/>\n"
    "      <Amount>-10.00</Amount>\n"
    "      <TaxRate>0.130000</TaxRate>\n"
    "      <ComTaxAm>-1.30</ComTaxAm>\n"
    "      <TotaltaxIncludedAmount>-11.30</TotaltaxIncludedAmount>\n"
    "      <TaxClassificationCode>1090509010000000000</TaxClassificationCode>\n"
    "    </IssuItemInformation>\n"
    "    <IssuItemInformation>\n"
    "      <ItemName>*计算机*免税品</ItemName>\n"
    "      <SpecMod/>\n"
    "      <MeaUnits/>\n"
    "      <Quantity/>\n"
    "      <UnPrice/>\n"
    "      <Amount>70.00</Amount>\n"
    "      <TaxRate>免税</TaxRate>\n"
    "      <ComTaxAm>***</ComTaxAm>\n"
    "      <TotaltaxIncludedAmount>70.00</TotaltaxIncludedAmount>\n"
    "      <TaxClassificationCode>1090509010000000000</TaxClassificationCode>\n"
    "    </IssuItemInformation>\n"
    "    <IssuItemInformation>\n"
    "      <ItemName>*计算机*出口品</ItemName>\n"
    "      <SpecMod/>\n"
    "      <MeaUnits/>\n"
    "      <Quantity/>\n"
    "      <UnPrice/>\n"
    "      <Amount>50.00</Amount>\n"
    "      <TaxRate>0%</TaxRate>\n"
    "      <ComTaxAm>0.00</ComTaxAm>\n"
    "      <TotaltaxIncludedAmount>50.00</TotaltaxIncludedAmount>\n"
    "      <TaxClassificationCode>1090509010000000000</TaxClassificationCode>\n"
    "    </IssuItemInformation>\n"
    "    <SpecificInformation/>\n"
    "    <AdditionalInformation>\n"
    "      <Remark>一行\n二行</Remark>\n"
    "      <Additional>\n"
    "        <Information>合同号</Information>\n"
    "        <InformationType>文本型</InformationType>\n"
    "        <InformationValue>HT-1</InformationValue>\n"
    "      </Additional>\n"
    "      <Transaction>\n"
    "        <TransactionRecord>\n"
    "          <PaymentChannel>002</PaymentChannel>\n"
    "          <TransactionNumber>P1</TransactionNumber>\n"
    "        </TransactionRecord>\n"
    "      </Transaction>\n"
    "    </AdditionalInformation>\n"
    "  </EInvoiceData>\n"
    "  <SellerAuthentication/>\n"
    "  <TaxSupervisionInfo>\n"
    "    <InvoiceNumber>26447000000000000001</InvoiceNumber>\n"
    "    <IssueTime>2026-01-31</IssueTime>\n"
    "    <TaxBureauCode>14403000000</TaxBureauCode>\n"
    "    <TaxBureauName>国家税务总局深圳市税务局</TaxBureauName>\n"
    "  </TaxSupervisionInfo>\n"
    "  <ptbh>5d2cff003e35abac053a</ptbh>\n"
    "</EInvoice>\n";

static void golden_invoice(struct invoice *inv)
{
	struct extra_element *x;
	struct payment *pay;
	struct tax_line *l;

	help_invoice(inv);
	inv->kind = INVOICE_SPECIAL;
	mem_set(&inv->buyer.name, "甲&乙<公司>");
	mem_set(&inv->buyer.phone, "020-1");
	mem_set(&inv->seller.bank, "乙银行");
	mem_set(&inv->remark, "一行\n二\xE2\x80\xAE"
			      "行\x01");
	l = help_line(inv, "主机", "1", 13);
	help_quantity(l, "2", "50.00");
	mem_set(&l->spec, "X1");
	mem_set(&l->unit, "台");
	l->discount.by = DISCOUNT_BY_AMOUNT;
	l->discount.amount_fen = 1000;
	mem_set(&help_line(inv, "免税品", "70.00", 0)->preference, "03");
	help_line(inv, "出口品", "50.00", 0);
	x = invoice_add_extra(inv);
	mem_set(&x->name, "合同号");
	mem_set(&x->type, "文本型");
	mem_set(&x->value, "HT-1");
	pay = invoice_add_payment(inv);
	mem_set(&pay->channel, "002");
	mem_set(&pay->number, "P1");
	help_compute(inv);
}

static void xml_golden(void **state)
{
	static const struct taxpayer seller = {
	    .type = "1",
	    .credit_grade = "A",
	    .industry_kinds = "01,02",
	    .consumption_kinds = "01",
	    .export_class = "02",
	};
	struct print_face face;
	struct invoice inv;
	struct buf out;

	(void)state;
	golden_invoice(&inv);
	face = help_face(&inv);
	face.seller = &seller;
	render(PRINT_XML, &face, &out);
	assert_string_equal(out.data, GOLDEN_XML);
	buf_free(&out);
	/* Without the tax side's answer the labels of the seller are left out. */
	face.seller = NULL;
	face.issue_mode = PRINT_MODE_THIRD_PARTY;
	render(PRINT_XML, &face, &out);
	assert_null(strstr(out.data, "TaxpayerType"));
	assert_null(strstr(out.data, "信用等级"));
	assert_non_null(strstr(out.data, "第三方平台开票(乐企联用、他用开票)"));
	buf_free(&out);
	invoice_free(&inv);
}

static void xml_differential(void **state)
{
	struct print_face face;
	struct invoice inv;
	struct buf out;

	(void)state;
	help_lines(&inv, 1);
	mem_set(&inv.differential, DIFFERENTIAL_PART);
	inv.deduction_fen = 1000;
	help_compute(&inv);
	face = help_face(&inv);
	render(PRINT_XML, &face, &out);
	assert_non_null(strstr(out.data, "<DifferentialTaxation>\n"));
	assert_non_null(strstr(out.data, "<Deduction>10.00</Deduction>"));
	assert_non_null(strstr(out.data, "<SalesIncludingTax>"));
	assert_non_null(strstr(out.data, "<LabelType>差额征税标签</LabelType>\n"
					 "        <LabelCode>02</LabelCode>\n"
					 "        <LabelName>差额征税-差额开票</LabelName>"));
	assert_non_null(strstr(out.data, "<LabelType>特定征税方式标签</LabelType>\n"
					 "        <LabelCode>03</LabelCode>"));
	buf_free(&out);
	invoice_free(&inv);
}

/* The named part of a package, whole. */
static char *part(const struct buf *ofd, const char *name)
{
	zip_source_t *source = zip_source_buffer_create(ofd->data, ofd->len, 0, NULL);
	zip_t *archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, NULL);
	zip_stat_t st;
	zip_file_t *file;
	char *text;

	assert_non_null(archive);
	assert_int_equal(zip_stat(archive, name, 0, &st), 0);
	text = mem_alloc(st.size + 1);
	file = zip_fopen(archive, name, 0);
	assert_int_equal(zip_fread(file, text, st.size), (int)st.size);
	text[st.size] = 0;
	zip_fclose(file);
	zip_discard(archive);
	return text;
}

/* The text of the object the tag's first reference names. */
static void tag_shows(const char *tags, const char *page, const char *tag, const char *text)
{
	char open[64], object[64], shown[256];
	const char *at, *ref;
	unsigned page_id, id;

	snprintf(open, sizeof(open), "<ofd:%s>", tag);
	at = strstr(tags, open);
	assert_non_null(at);
	ref = at + strlen(open);
	assert_int_equal(sscanf(ref, "<ofd:ObjectRef PageRef=\"%u\">%u", &page_id, &id), 2);
	snprintf(object, sizeof(object), "<ofd:TextObject ID=\"%u\"", id);
	at = strstr(page, object);
	assert_non_null(at);
	snprintf(shown, sizeof(shown), ">%s</ofd:TextCode></ofd:TextObject>\n", text);
	assert_memory_equal(strchr(at, '\n') + 1 - strlen(shown), shown, strlen(shown));
}

static void ofd_package(void **state)
{
	char *entry, *document, *tags, *page, *second, unit[64];
	struct print_face face;
	struct invoice inv;
	struct buf out;

	(void)state;
	help_lines(&inv, 50);
	face = help_face(&inv);
	render(PRINT_OFD, &face, &out);
	entry = part(&out, "OFD.xml");
	document = part(&out, "Doc_0/Document.xml");
	tags = part(&out, "Doc_0/Tags/CustomTag.xml");
	page = part(&out, "Doc_0/Pages/Page_0/Content.xml");
	second = part(&out, "Doc_0/Pages/Page_1/Content.xml");
	assert_non_null(strstr(entry, "<ofd:CustomData Name=\"发票号码\">" HELP_NUMBER "<"));
	assert_non_null(strstr(entry, "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"));
	assert_non_null(strstr(document, "<ofd:PhysicalBox>0 0 210 288.75</ofd:PhysicalBox>"));
	assert_non_null(strstr(document, "BaseLoc=\"Pages/Page_1/Content.xml\""));
	/* 20 half-width digits of 9 points. */
	assert_non_null(strstr(page, "DeltaX=\"g 19 1.5875\">" HELP_NUMBER "<"));
	tag_shows(tags, page, "InvoiceNo", HELP_NUMBER);
	tag_shows(tags, page, "IssueDate", "2026年01月31日");
	tag_shows(tags, page, "BuyerName", inv.buyer.name);
	tag_shows(tags, page, "SellerTaxID", inv.seller.tax_no);
	tag_shows(tags, page, "TaxScheme", "13%");
	tag_shows(tags, second, "TaxInclusiveTotalAmount", "¥");
	/* What stands on every page is referred to once. */
	assert_null(strstr(strstr(tags, "<ofd:InvoiceNo>") + 30, HELP_NUMBER));
	/* Identifiers go on from page to page; the last is MaxUnitID. */
	assert_int_equal(
	    sscanf(strstr(document, "<ofd:MaxUnitID>"), "<ofd:MaxUnitID>%20[0-9]", unit), 1);
	assert_non_null(strstr(second, unit));
	free(entry);
	free(document);
	free(tags);
	free(page);
	free(second);
	buf_free(&out);
	invoice_free(&inv);
}

static void pdf_whole(void **state)
{
	struct print_face face;
	struct invoice inv;
	struct buf out;

	(void)state;
	help_lines(&inv, 3);
	face = help_face(&inv);
	render(PRINT_PDF, &face, &out);
	assert_memory_equal(out.data, "%PDF-1.5", 8);
	assert_memory_equal(out.data + out.len - 6, "%%EOF\n", 6);
	assert_non_null(memmem(out.data, out.len, "20260131093000+08'00", 20));
	assert_true(out.len < 100000); /* subsets, not whole fonts */
	buf_free(&out);
	invoice_free(&inv);
}

static void text_width(void **state)
{
	struct print_face face;
	struct invoice inv;
	struct buf out;
	char *line, *save = NULL;
	size_t lines = 0;

	(void)state;
	golden_invoice(&inv);
	mem_set(&inv.lines[0].name, "名称很长的一种商品名称很长的一种商品名称很长的一种商品");
	mem_set(&inv.buyer.name, "\x1B[2J甲乙");
	face = help_face(&inv);
	render(PRINT_TEXT, &face, &out);
	assert_non_null(strstr(out.data, HELP_NUMBER));
	assert_non_null(strstr(out.data, "贰佰贰拾壹圆柒角整"));
	assert_null(strchr(out.data, '\x1B'));
	for (line = strtok_r(out.data, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		assert_true(text_cols(line) <= TEXT_COLUMNS);
		lines++;
	}
	assert_true(lines > 15);
	buf_free(&out);
	invoice_free(&inv);
}

static void refusals(void **state)
{
	struct print_face face;
	struct err_info e = {0};
	struct invoice inv;
	struct buf out;

	(void)state;
	help_lines(&inv, 1);
	face = help_face(&inv);
	face.region_code = "19999000000";
	buf_init(&out, PRINT_SIZE_MAX);
	assert_int_equal(print_render(PRINT_XML, &face, &out, &e), ERR_INVALID);
	assert_string_equal(e.code, "print.region");
	inv.number[0] = 0;
	assert_int_equal(print_render(PRINT_PDF, &face, &out, &e), ERR_INVALID);
	assert_string_equal(e.code, "print.unnumbered");
	assert_int_equal(print_render(PRINT_OFD, &face, &out, &e), ERR_INVALID);
	assert_int_equal(out.len, 0);
	/* A draft can be looked at. */
	assert_int_equal(print_render(PRINT_TEXT, &face, &out, &e), ERR_OK);
	assert_non_null(strstr(out.data, "（未赋码）"));
	buf_free(&out);
	invoice_free(&inv);
}

static void buffer_too_small(void **state)
{
	struct print_face face;
	struct err_info e;
	struct invoice inv;
	struct buf out;
	int f;

	(void)state;
	help_lines(&inv, 1);
	face = help_face(&inv);
	for (f = 0; f < PRINT_FORMATS; f++) {
		err_clear(&e);
		buf_init(&out, 100);
		assert_int_equal(print_render((enum print_format)f, &face, &out, &e), ERR_INTERNAL);
		assert_true(*e.why);
		buf_free(&out);
	}
	invoice_free(&inv);
}

static void names(void **state)
{
	char name[PRINT_NAME_TEXT];
	enum print_format f;
	struct invoice inv;

	(void)state;
	help_invoice(&inv);
	assert_string_equal(print_file_name(PRINT_PDF, &inv, name),
			    "dzfp_" HELP_NUMBER "_广州市远山贸易有限公司_20260131093000.pdf");
	mem_set(&inv.buyer.name, "../a/b\\c:d");
	print_file_name(PRINT_OFD, &inv, name);
	assert_null(strpbrk(name, "/\\:"));
	assert_non_null(strstr(name, "_20260131093000.ofd"));
	inv.buyer_is_person = true;
	mem_set(&inv.buyer.name, "张三丰");
	print_file_name(PRINT_XML, &inv, name);
	assert_non_null(strstr(name, "_张三丰（个人）_"));
	assert_true(print_format_parse("txt", &f) && f == PRINT_TEXT);
	assert_false(print_format_parse("doc", &f));
	invoice_free(&inv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bytes_repeat), cmocka_unit_test(threads_agree),
	    cmocka_unit_test(xml_golden),   cmocka_unit_test(ofd_package),
	    cmocka_unit_test(pdf_whole),    cmocka_unit_test(text_width),
	    cmocka_unit_test(refusals),     cmocka_unit_test(buffer_too_small),
	    cmocka_unit_test(names),        cmocka_unit_test(xml_differential),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
