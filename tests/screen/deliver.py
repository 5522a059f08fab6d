#!/usr/bin/env python3
"""交付与推送: settings, asking for mails and pushes, states, doing it again, withdrawing."""
from screen import Screens

SECRET = "a secret of the test, long enough"


def prepare(home):
    """Nobody listens on port 1: what is asked for waits, with the reason."""
    home.quick(retry_base_ms=60000, retry_max_ms=60000)
    home.run("mail", "set", "--host", "localhost", "--port", 1, "--security", "plain", "--sender",
             "billing@seller.test", check=0)
    home.run("push", "set", "--url", "http://localhost:1/results", "--key-id", "k1",
             "--secret-file", home.file(SECRET), check=0)


def text_is_kept(home):
    said = home.run("mail", "set", check=0)[1]["body"]
    s.ok(said.startswith("{购方}：\n\n附件是开给") and said.endswith("自动发出。\n"),
         "the text as it was typed, line by line", said)


with Screens(__file__, prepare=prepare) as s:
    s.play("empty", """
        wait screen home
        key m
        wait screen deliver
        sleep-until-idle
        dump @
        key s
        wait screen mail-set
        dump mail-set
        key Esc
        key S
        wait screen form-dialog
        dump push-set
        key Esc
        key w
        wait screen form-dialog
        dump push-month
    """)
    s.play("refused", """
        wait screen home
        key m
        wait screen deliver
        key s
        wait screen mail-set
        key Ctrl-U
        type mail.example.cn
        key F10
        wait text 不加密只能用于本机
        dump mail-set-refused
        key Esc Esc
        wait screen deliver
        key S
        wait screen form-dialog
        key Ctrl-U
        type ftp://erp.example.cn
        key F10
        wait text 不是服务地址
        dump push-set-refused
    """)
    s.play("text", """
        wait screen home
        key m
        wait screen deliver
        key s
        wait screen mail-set
        key Shift-Tab Shift-Tab Shift-Tab
        type 各位，
        key Home
        dump mail-text
        key Alt-i
        type {购方}：
        key Ctrl-D
        key Ctrl-Z
        key Down Ctrl-D
        dump mail-text-changed
        key F10
        wait text 邮件设置已保存
        key s
        wait screen mail-set
        key Shift-Tab Shift-Tab Shift-Tab
        dump mail-text-again
    """, after=text_is_kept)
    s.play("mail", """
        wait screen home
        key i
        wait screen invoices
        sleep-until-idle
        key Down Down
        key m
        wait screen form-dialog
        wait text 广州青梧信息技术有限公司，号码 26447000000000000010
        key Ctrl-U
        type nobody
        key Enter Enter
        wait text 不是邮箱地址
        key Ctrl-U
        type a@buyer.test，b@buyer.test
        key Enter Enter
        wait text 已排队
        key Esc
        wait screen home
        key m
        wait screen deliver
        wait text 连接不上
        sleep-until-idle
        dump mail-waits
        key Enter
        wait screen read
        wait text 有人要求
        wait text Message-ID
        key Esc
        key x
        wait screen ask
        dump mail-withdraw
        key Left Enter
        wait text 已撤下
        wait text 已取消
        sleep-until-idle
        dump mail-withdrawn
    """)
    s.play("push", """
        wait screen home
        key i
        wait screen invoices
        sleep-until-idle
        key Down Down
        key w
        wait text 已登记推送
        key Esc
        wait screen home
        key m
        wait screen deliver
        key F3 Space Enter
        wait text 连接不上
        sleep-until-idle
        dump push-waits
        key x
        wait screen ask
        key Left Enter
        wait text 已搁置
        sleep-until-idle
        dump push-skipped
    """)
    s.play("marks", """
        wait screen home
        key i
        wait screen invoices
        sleep-until-idle
        key Down Down Space Space
        key m
        wait screen form-dialog
        wait text 2 张发票各发一封
    """)
