"""Steps that scripts of the player begin with, in the practice home."""
# An empty blue invoice.
BLUE = """
    wait screen home
    key F10
    wait screen blue
    sleep-until-idle
"""
# In its first field: a buyer by the initials.
BUYER = """
    type szsqc
    key Enter
    wait text 7559000100010001
"""
# In the lines: two of these.
LAPTOPS = """
    type bjbdn
    key Enter
    type 2
    key Enter Enter Enter Enter
    wait text 10,598.00
"""
