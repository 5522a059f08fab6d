# Writes the table of pinyin readings as C (see src/base/pinyin.h) from Unihan_Readings.txt.
#
#     bzip2 -dc Unihan_Readings.txt.bz2 | LC_ALL=C awk -f tests/lib/pinyin.awk
#
# A reading is kept without its tone, ü as v, ê as e.  The fields read are the common reading and
# those of three dictionaries; the forms are
#     kMandarin "zhòng"   kHanyuPinlu "zhòng(1823) chóng(329)"
#     kTGHZ2013 "047.150:chóng 481.090:zhòng"   kXHC1983 "0149.100:chóng 1502.040:zhòng"
# Every character has the number of its list of readings, the common one first; 0 is none.
BEGIN {
	FS = "\t"
	marks = split("ā a á a ǎ a à a ē e é e ě e è e ê e ế e ề e ī i í i ǐ i ì i ō o ó o ǒ o ò o " \
		"ū u ú u ǔ u ù u ü v ǖ v ǘ v ǚ v ǜ v ḿ m ń n ň n ǹ n", pair, " ")
	combining[1] = "\314\200" # U+0300, U+0304, U+030C
	combining[2] = "\314\204"
	combining[3] = "\314\214"
	fields = split("kMandarin kHanyuPinlu kTGHZ2013 kXHC1983", field, " ")
	for (i = 1; i <= fields; i++)
		wanted[field[i]] = i
	hex = "0123456789ABCDEF"
	letters = "abcdefghijklmnopqrstuvwxyz"
	bit = 1
	for (i = 1; i <= 26; i++) {
		weight[i] = bit
		bit *= 2
	}
	low[1] = 13312
	high[1] = 40959 # U+3400..9FFF
	low[2] = 131072
	high[2] = 205743 # U+20000..323AF
	bad = 0
}

function number(s, i, v) {
	v = 0
	for (i = 1; i <= length(s); i++)
		v = v * 16 + index(hex, substr(s, i, 1)) - 1
	return v
}

# The syllable of a reading; the plain forms are few and remembered.
function syllable(s, at, i) {
	sub(/^.*:/, "", s)
	sub(/\(.*$/, "", s)
	if (s in plain)
		return plain[s]
	at = s
	for (i = 1; i < marks; i += 2)
		gsub(pair[i], pair[i + 1], s)
	for (i = 1; i <= 3; i++)
		gsub(combining[i], "", s)
	if (s !~ /^[a-z][a-z]*$/ || length(s) > 6) {
		print "pinyin.awk: no syllable: " at > "/dev/stderr"
		bad = 1
	}
	if (!(s in known)) {
		known[s] = 1
		for (i = ++syllables; i > 1 && sorted[i - 1] > s; i--)
			sorted[i] = sorted[i - 1]
		sorted[i] = s
	}
	return plain[at] = s
}

$2 in wanted {
	cp = number(substr($1, 3))
	if (!(cp in has)) {
		has[cp] = 1
		count++
	}
	n = split($3, word, " ")
	for (i = 1; i <= n; i++)
		of[cp, wanted[$2]] = of[cp, wanted[$2]] " " syllable(word[i])
}

# The readings of a character in the order of the fields, each once.
function readings(cp, i, j, n, s, out) {
	out = " "
	for (i = 1; i <= fields; i++) {
		n = split(of[cp, i], s, " ")
		for (j = 1; j <= n; j++)
			if (!index(out, " " s[j] " "))
				out = out s[j] " "
	}
	return substr(out, 2, length(out) - 2)
}

function table(name, first, last, cp, line, s) {
	printf "const uint16_t %s[%d] = {\n", name, last - first + 1
	line = ""
	for (cp = first; cp <= last; cp++) {
		s = (cp in has) ? readings(cp) : ""
		if (s != "" && !(s in list)) {
			list[s] = ++lists
			member[lists] = s
		}
		line = line (s != "" ? list[s] : 0) ","
		if ((cp - first) % 32 == 31) {
			print line
			line = ""
		}
	}
	print line "};"
}

END {
	for (i = 1; i <= syllables; i++)
		id[sorted[i]] = i - 1
	print "/* Pinyin readings of the Unicode Han database: see base/pinyin.h. */"
	print "#include \"base/pinyin_p.h\""
	table("pinyin_basic", low[1], high[1])
	table("pinyin_extended", low[2], high[2])
	printf "const unsigned pinyin_count = %d;\n", syllables
	print "const char pinyin_text[PINYIN_SYLLABLES][8] = {"
	for (i = 1; i <= syllables; i++)
		printf "\"%s\",\n", sorted[i]
	print "};"
	printf "const struct pinyin_list pinyin_lists[%d] = {{0, 0, 0},\n", lists + 1
	total = 0
	for (i = 1; i <= lists; i++) {
		n = split(member[i], s, " ")
		mask = 0
		split("", used)
		for (j = 1; j <= n; j++) {
			at = index(letters, substr(s[j], 1, 1))
			if (!(at in used))
				mask += weight[at]
			used[at] = 1
			all[total + j] = id[s[j]]
		}
		printf "{%d, %d, %d},\n", mask, total, n
		total += n
		if (n > longest)
			longest = n
	}
	print "};"
	printf "const uint16_t pinyin_all_readings[%d] = {\n", total
	for (i = 1; i <= total; i++)
		printf "%d,%s", all[i], i % 16 ? "" : "\n"
	print "};"
	if (bad || count < 40000 || syllables > 512 || lists > 65535 || total > 65535 || longest > 8) {
		print "pinyin.awk: " count " characters, " syllables " syllables, " lists " lists, at most " \
			longest ": not the Unihan readings" > "/dev/stderr"
		exit 1
	}
}
