"""Typical invoices as scripts of the player, and the keys they take from an empty form to 开票成功.

A character of a name counts as one key; what an input method needs to make it is not ours.  The
practice home knows the buyer and the goods; its platform runs beside the program.
"""
KNOWN = """
    type qcsm
    wait text > 深圳市晴川数码贸易有限公司
    key Enter
"""
ISSUE = """
    key F10
    wait text 确认开具
    key F10
    wait text 开票成功
"""
# What, the keys it may take, the script.
INVOICES = (
    ("buyer and goods known, one line", 20, KNOWN + """
        type bjb
        wait text > 笔记本电脑
        key Enter
        type 2
    """ + ISSUE),
    ("as the buyer's last invoice, another quantity", 12, KNOWN + """
        key F12
        wait text 核对后按 F10 开票
        type 3
    """ + ISSUE),
    ("two lines, one with a discount", 26, KNOWN + """
        type bjb
        wait text > 笔记本电脑
        key Enter
        type 2
        key F8
        wait text 折扣率
        type 10
        key Enter
        wait text 折扣 10%
        type +
        type wxs
        wait text > 无线鼠标
        key Enter
        type 3
    """ + ISSUE),
    ("buyer typed by hand, one line", 45, """
        type 广州市新客商贸有限公司
        key Enter
        type 91440101MA5XKP0C1X
        key PgDn
        type bjb
        wait text > 笔记本电脑
        key Enter
        type 1
    """ + ISSUE),
)


def keys(script):
    """How many are pressed."""
    pressed = 0
    for line in script.split("\n"):
        word, _, rest = line.strip().partition(" ")
        if word == "key":
            pressed += len(rest.split())
        elif word == "type":
            pressed += len(rest)
    return pressed
