# Writes the table of pinyin initials as C (see src/base/pinyin.h) from Unihan_Readings.txt.
#
#     bzip2 -dc Unihan_Readings.txt.bz2 | LC_ALL=C awk -f tests/lib/pinyin.awk
#
# A reading's initial is its first letter without the tone mark.  The fields read are the common
# reading and those of three dictionaries; the forms are
#     kMandarin "zhòng"   kHanyuPinlu "zhòng(1823) chóng(329)"
#     kTGHZ2013 "047.150:chóng 481.090:zhòng"   kXHC1983 "0149.100:chóng 1502.040:zhòng"
# Every character has one byte: the number of its set of initials; 0 is none.
BEGIN {
	FS = "\t"
	n = split("ā a á a ǎ a à a ē e é e ě e è e ê e ế e ề e ō o ó o ǒ o ò o " \
		"ḿ m ń n ň n ǹ n", pair, " ")
	for (i = 1; i < n; i += 2) {
		marked[i] = pair[i]
		plain[i] = pair[i + 1]
	}
	marks = n
	hex = "0123456789ABCDEF"
	bit = 1
	for (i = 1; i <= 26; i++) {
		weight[i] = bit
		bit *= 2
	}
	low[1] = 13312
	high[1] = 40959 # U+3400..9FFF
	low[2] = 131072
	high[2] = 205743 # U+20000..323AF
	sets = 0
	bad = 0
}

function number(s, i, v) {
	v = 0
	for (i = 1; i <= length(s); i++)
		v = v * 16 + index(hex, substr(s, i, 1)) - 1
	return v
}

function initial(s, i) {
	sub(/^.*:/, "", s)
	for (i = 1; i < marks; i += 2)
		if (index(s, marked[i]) == 1)
			return plain[i]
	return substr(s, 1, 1)
}

$2 == "kMandarin" || $2 == "kTGHZ2013" || $2 == "kHanyuPinlu" || $2 == "kXHC1983" {
	cp = number(substr($1, 3))
	n = split($3, word, " ")
	for (i = 1; i <= n; i++) {
		at = index("abcdefghijklmnopqrstuvwxyz", initial(word[i]))
		if (!at) {
			print "pinyin.awk: " $0 > "/dev/stderr"
			bad = 1
		} else if (!((cp, at) in seen)) {
			seen[cp, at] = 1
			if (!(cp in mask))
				count++
			mask[cp] += weight[at]
		}
	}
}

function table(name, first, last, cp, m, line) {
	printf "const unsigned char %s[%d] = {\n", name, last - first + 1
	line = ""
	for (cp = first; cp <= last; cp++) {
		m = (cp in mask) ? mask[cp] : 0
		if (m && !(m in set)) {
			set[m] = ++sets
			member[sets] = m
		}
		line = line (m ? set[m] : 0) ","
		if ((cp - first) % 32 == 31) {
			print line
			line = ""
		}
	}
	print line "};"
}

END {
	print "/* Pinyin initials of the Unicode Han database: see base/pinyin.h. */"
	print "#include \"base/pinyin_p.h\""
	table("pinyin_basic", low[1], high[1])
	table("pinyin_extended", low[2], high[2])
	print "const uint32_t pinyin_sets[256] = {0,"
	for (i = 1; i <= sets; i++)
		printf "%d,\n", member[i]
	print "};"
	if (bad || count < 40000 || sets > 255) {
		print "pinyin.awk: " count " characters, " sets " sets: not the Unihan readings" > "/dev/stderr"
		exit 1
	}
}
