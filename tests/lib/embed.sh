#!/bin/sh
# Writes an assembler file that embeds the named files and a table of them (see src/base/embed.h).
printf '\t.section .rodata\n'
i=0
for f in "$@"; do
	printf '\t.balign 8\nembed_data_%d:\n\t.incbin "%s"\nembed_end_%d:\n\t.byte 0\nembed_name_%d:\n\t.asciz "%s"\n' \
		$i "$f" $i $i "$f"
	i=$((i + 1))
done
n=$i
printf '\t.section .data.rel.ro,"aw"\n\t.balign 8\n\t.global embed_table\nembed_table:\n'
i=0
while [ $i -lt $n ]; do
	printf '\t.quad embed_name_%d, embed_data_%d, embed_end_%d - embed_data_%d\n' $i $i $i $i
	i=$((i + 1))
done
printf '\t.quad 0, 0, 0\n\t.section .note.GNU-stack,"",@progbits\n'
