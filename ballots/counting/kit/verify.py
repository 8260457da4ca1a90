#!/usr/bin/env python3
"""重新清点一次评议活动的封存票箱。只用 Python 3.8 以上自带的程序库，不连接数据库，不连接网络。

    python3 verify.py 材料.zip                        清点，印出结果表
    python3 verify.py 材料.zip --digests 摘要.txt     另外核对签字的计票结果报告单上的摘要（- 为键盘输入）

退出码：0 全部一致；1 有不一致；2 材料读不了，或者摘要抄得不完整。

This file shares no code with the program that made the boxes: whoever doubts that program reads these lines instead.
"""

import argparse
import csv
import hashlib
import io
import json
import os
import re
import sys
import unicodedata
import zipfile
from collections import OrderedDict
from fractions import Fraction

FORMAT, BOX_FORMAT = "pingyi-kit/1", "pingyi-box/1"
COUNTED = tuple(
    "valid grade_1 grade_2 grade_3 grade_4 grade_5 grade_6 grade_7 unknown abstained spoiled".split()  # noqa: SIM905
)
LARGEST = 512 * 1024 * 1024


class CannotVerify(Exception):
    """Material that cannot be read at all; the message says what and where."""


# --- the digests ---


def sm3(data):
    """The SM3 digest of bytes as 64 hexadecimal digits (GB/T 32905-2016, clauses 5.2 and 5.3)."""
    word = 0xFFFFFFFF

    def left(value, places):
        places %= 32
        return ((value << places) | (value >> (32 - places))) & word

    state = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    padded = data + b"\x80" + b"\x00" * ((55 - len(data)) % 64) + (8 * len(data)).to_bytes(8, "big")
    for start in range(0, len(padded), 64):
        w = [int.from_bytes(padded[start + 4 * j : start + 4 * j + 4], "big") for j in range(16)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ left(w[j - 3], 15)
            w.append(x ^ left(x, 15) ^ left(x, 23) ^ left(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = state
        for j in range(64):
            constant = 0x79CC4519 if j < 16 else 0x7A879D8A
            ss1 = left((left(a, 12) + e + left(constant, j)) & word, 7)
            ss2 = ss1 ^ left(a, 12)
            if j < 16:
                ff, gg = a ^ b ^ c, e ^ f ^ g
            else:
                ff, gg = (a & b) | (a & c) | (b & c), (e & f) | (~e & word & g)
            tt1 = (ff + d + ss2 + (w[j] ^ w[j + 4])) & word
            tt2 = (gg + h + ss1 + w[j]) & word
            d, c, b, a = c, left(b, 9), a, tt1
            h, g, f, e = g, left(f, 19), e, tt2 ^ left(tt2, 9) ^ left(tt2, 17)
        state = [old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h))]
    return "".join(f"{value:08x}" for value in state)


def fast_sm3(data):
    """SM3 by the platform where it has it, else by the lines above."""
    try:
        return hashlib.new("sm3", data).hexdigest()
    except ValueError:
        return sm3(data)


# --- the material ---


class Material:
    """A kit: a ZIP, or the folder into which it was unpacked."""

    def __init__(self, path):
        self.path = path
        try:
            self.archive = None if os.path.isdir(path) else zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile) as error:
            raise CannotVerify(f"读不了“{path}”：{error}") from error

    def text(self, name):
        """The text of one file; its line ends stay as they are, since a digest covers them."""
        try:
            if self.archive is None:
                with open(os.path.join(self.path, *name.split("/")), "rb") as file:
                    content = file.read(LARGEST + 1)
            else:
                with self.archive.open(name) as file:
                    content = file.read(LARGEST + 1)
        except (KeyError, OSError, zipfile.BadZipFile) as error:
            raise CannotVerify(f"材料里没有文件“{name}”，或者读不了：{error}") from error
        if len(content) > LARGEST:
            raise CannotVerify(f"文件“{name}”过大。")
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            raise CannotVerify(f"文件“{name}”不是UTF-8的文本。") from None


def read_description(material):
    try:
        description = json.loads(material.text("kit.json"))
        if description["format"] != FORMAT:
            raise CannotVerify("kit.json 的格式是“{}”，本程序只认“{}”。".format(description["format"], FORMAT))
        return description
    except (KeyError, TypeError, ValueError) as error:
        raise CannotVerify(f"kit.json 读不懂：{error}") from error


def read_rows(material):
    """The written counts, by (poll, target, indicator, channel, category), in the order of COUNTED."""
    rows, faults = OrderedDict(), []
    for number, row in enumerate(csv.DictReader(io.StringIO(material.text("rows.csv"))), start=2):
        try:
            key = int(row["poll"]), int(row["target"]), int(row["indicator"]), row["channel"], row["category"]
            counts = tuple(int(row[name]) for name in COUNTED)
        except (KeyError, TypeError, ValueError):
            raise CannotVerify("rows.csv 第%d行读不懂。" % number) from None
        if key in rows:
            faults.append("rows.csv 第%d行与前面的一行重复。" % number)
        rows[key] = counts
    return rows, faults


# --- the count ---


class Count:
    """The counts and digests of the boxes of one kit, and every disagreement."""

    def __init__(self):
        self.faults = []
        self.counts = OrderedDict()
        self.digests = OrderedDict()
        self.boxes = 0
        self.ballots = 0

    def fault(self, place, what):
        self.faults.append(f"{place}：{what}")


def count_material(material, description):
    count = Count()
    for poll in description["polls"]:
        count_poll(material, poll, count)
    return count


def count_poll(material, poll, count):
    batches = OrderedDict((batch["id"], batch) for batch in poll["batches"])
    sections = OrderedDict((s["id"], s) for s in poll["form"]["sections"] if s["indicators"])
    boxes, there = poll["boxes"], set()
    for box in boxes:
        key = box["batch"], box["target"]
        batch, section = batches.get(box["batch"]), sections.get(box["target"])
        if batch is None or section is None:
            count.fault(poll["unit"], "票箱“{}”不属于这个评议点的票批和评议对象。".format(box["file"]))
            continue
        place = "{}·{}·{}·{}".format(poll["unit"], batch["channel"], batch["category"], section["name"])
        if key in there:
            count.fault(place, "同一个票箱列了两次。")
            continue
        there.add(key)
        count_box(material.text(box["file"]), place, poll, batch, section, box, count)
    for batch in batches.values():
        for section in sections.values():
            if (batch["id"], section["id"]) not in there:
                name = "{}·{}·{}·{}".format(poll["unit"], batch["channel"], batch["category"], section["name"])
                count.fault(name, "缺少票箱。")
        check_papers(poll, batch, count)


def check_papers(poll, batch, count):
    place = "{}·{}·{}".format(poll["unit"], batch["channel"], batch["category"])
    if batch["void"]:
        return
    issued, returned, void, valid = (batch[name] for name in ("issued", "returned", "void_sheets", "valid"))
    if valid != returned - void:
        count.fault(place, "有效%d，不等于收回%d减整票无效%d。" % (valid, returned, void))
    if returned > issued:
        count.fault(place, "收回%d，多于发出%d。" % (returned, issued))


def count_box(content, place, poll, batch, section, box, count):
    data = content.encode("utf-8")
    own = {"SHA-256": hashlib.sha256(data).hexdigest(), "SM3": fast_sm3(data)}
    for digest in own.values():
        count.digests[digest] = place
    if own["SHA-256"] != box["sha256"]:
        count.fault(place, "票箱内容的SHA-256与封存时写下的不符。")
    if box.get("sm3") and own["SM3"] != box["sm3"]:
        count.fault(place, "票箱内容的SM3与封存时写下的不符。")
    first, *lines = content.split("\n")
    check_head(first, place, poll, batch, section, count)
    if len(lines) != box["ballots"]:
        count.fault(place, "应有%d张票，实有%d张。" % (box["ballots"], len(lines)))
    if not batch["void"] and len(lines) != batch["valid"]:
        count.fault(place, "票箱有%d张票，票批有效%d张。" % (len(lines), batch["valid"]))
    if lines != sorted(lines):
        count.fault(place, "票箱里的票没有按次序排列。")
    count.boxes += 1
    count_marks(lines, place, poll, batch, section, count)


def check_head(first, place, poll, batch, section, count):
    """The first line of a box against the list of the material; boxes of an older make do not name the path."""
    try:
        head = dict(json.loads(first))
    except (TypeError, ValueError):
        count.fault(place, "票箱的第一行读不懂。")
        return
    grades = [grade["label"] for grade in section["grades"]]
    wanted = {
        "format": BOX_FORMAT,
        "unit": poll["unit"],
        "path": poll["path"],
        "channel": batch["channel_key"],
        "category": batch["category"],
        "batch": batch["id"],
        "target": section["name"],
        "grades": grades,
        "indicators": [indicator["text"] for indicator in section["indicators"]],
    }
    for name, value in wanted.items():
        if head.get(name, value if name == "path" else None) != value:
            count.fault(place, f"票箱第一行的{name}是“{head.get(name)}”，材料里是“{value}”。")


def count_marks(lines, place, poll, batch, section, count):
    grades, cells = section["grades"], len(section["indicators"])
    admitted = {str(number): number - 1 for number in range(1, len(grades) + 1)}
    sums = [dict.fromkeys(COUNTED, 0) for _ in range(cells)]
    inside = [number for number, grade in enumerate(grades) if grade["in_base"]]
    for number, line in enumerate(lines, start=1):
        if len(line) != cells:
            count.fault(place, "第%d张票有%d个标记，应有%d个。" % (number, len(line), cells))
            return
        for cell, mark in zip(sums, line):
            cell["valid"] += 1
            if mark == "-":
                cell["abstained"] += 1
            elif mark == "x":
                cell["spoiled"] += 1
            elif mark not in admitted:
                count.fault(place, "第%d张票上有不认识的标记“%s”。" % (number, mark))
                return
            elif admitted[mark] in inside:
                cell["grade_%d" % (inside.index(admitted[mark]) + 1)] += 1
            else:
                cell["unknown"] += 1
    if batch["void"]:
        return
    for indicator, cell in zip(section["indicators"], sums):
        key = poll["id"], section["id"], indicator["id"], batch["channel_key"], batch["category"]
        before = count.counts.get(key, (0,) * len(COUNTED))
        count.counts[key] = tuple(a + cell[name] for a, name in zip(before, COUNTED))


def compare(count, rows, names):
    """Every written row against the boxes, and every row of the boxes against what is written."""
    for key in sorted(set(rows) | set(count.counts)):
        if rows.get(key) != count.counts.get(key):
            count.fault(
                names.get(key[:3], str(key[:3])) + "·{}·{}".format(*key[3:]),
                f"票箱为{as_counts(count.counts.get(key))}，写下的结果为{as_counts(rows.get(key))}。",
            )
    for key, counts in rows.items():
        if counts[0] != sum(counts[1:]):
            count.fault(
                names.get(key[:3], str(key[:3])), "写下的各档之和%d不等于有效%d。" % (sum(counts[1:]), counts[0])
            )


def as_counts(counts):
    return "/".join(map(str, counts)) if counts else "无"


# --- the table ---


def table(description, count):
    """A line for each poll, target and indicator, and a line for each questionnaire and indicator of all together."""
    sums, whole, first = OrderedDict(), OrderedDict(), {}
    for (poll, target, indicator, _, _), counts in count.counts.items():
        key = poll, target, indicator
        sums[key] = add(sums.get(key), counts)
    printed = []
    for poll in description["polls"]:
        for section in poll["form"]["sections"]:
            for indicator in section["indicators"]:
                counts = sums.get((poll["id"], section["id"], indicator["id"]))
                if counts is None:
                    continue
                printed.append([poll["unit"], section["name"], indicator["text"], *told_counts(section, counts)])
                key = section["questionnaire"], indicator["id"]
                whole[key] = add(whole.get(key), counts)
                first.setdefault(key, (section, indicator))
    for key, counts in whole.items():
        section, indicator = first[key]
        printed.append(["合计", section["title"], indicator["text"], *told_counts(section, counts)])
    return printed


def add(before, counts):
    return counts if before is None else tuple(a + b for a, b in zip(before, counts))


def told_counts(section, counts):
    labels = [grade["label"] for grade in section["grades"] if grade["in_base"]]
    grades = " ".join("%s%d" % pair for pair in zip(labels, counts[1:8]))
    valid, unknown, abstained, spoiled = counts[0], counts[8], counts[9], counts[10]
    share = in_percent(counts[1], valid - unknown)
    return [
        "有效%d" % valid,
        grades,
        "不了解%d" % unknown,
        "未选%d" % abstained,
        "无效%d" % spoiled,
        "{}占有效票（不含不了解）{}".format(labels[0] if labels else "", share),
    ]


def in_percent(part, base):
    """A share in per cent with two decimals, half up; short of the whole never 100, above nothing never 0."""
    if not base:
        return "—"
    units = int(Fraction(part, base) * 10000 + Fraction(1, 2))
    if part < base:
        units = min(units, 9999)
    if part:
        units = max(units, 1)
    return "%d.%02d%%" % divmod(units, 100)


# --- the digests on paper ---


def typed_digests(text):
    """The digests in a text as typed from the signed sheets: 64 digits, whole or in groups of eight."""
    digests, run = [], ""
    for word in [*unicodedata.normalize("NFKC", text).lower().split(), ""]:
        if re.fullmatch("[0-9a-f]{8,}", word):
            run += word
            continue
        if len(run) % 64:
            raise CannotVerify(
                "摘要应为64位的0至9、a至f，“%s……”一处连着的有%d位，请对照报告单改正。" % (run[:8], len(run))
            )
        digests += [run[start : start + 64] for start in range(0, len(run), 64)]
        run = ""
    if not digests:
        raise CannotVerify("没有摘要：每个摘要64位，可以照报告单8位一组，用空格或者换行隔开。")
    return list(OrderedDict.fromkeys(digests))


def check_typed(count, digests):
    """Digests of paper against the boxes: each must be that of a box."""
    for digest in digests:
        if digest in count.digests:
            print(f"摘要相符\t{digest[:8]}……\t{count.digests[digest]}")
        else:
            count.fault(f"签字的摘要{digest[:8]}……{digest[-8:]}", "没有这样的票箱：抄错了，或者票箱不是签字时的那个。")
    unnamed = set(count.digests.values()) - {count.digests.get(digest) for digest in digests}
    for place in sorted(unnamed):
        print(f"没有列出\t{place}\t票箱在材料里，所给的摘要里没有它。")


# --- the command ---


def main(arguments=None):
    parser = argparse.ArgumentParser(description="重新清点一次评议活动的封存票箱。")
    parser.add_argument("material", metavar="材料", help="材料的ZIP文件，或者解开以后的文件夹")
    parser.add_argument("--digests", metavar="文件", help="签字的报告单上的摘要，照抄成文本文件；-为键盘输入")
    options = parser.parse_args(arguments)
    try:
        return verify(options)
    except CannotVerify as error:
        print(f"不能清点：{error}", file=sys.stderr)
        return 2


def verify(options):
    material = Material(options.material)
    description = read_description(material)
    try:
        rows, faults = read_rows(material)
        names = {
            (poll["id"], section["id"], indicator["id"]): "{}·{}·{}".format(
                poll["unit"], section["name"], indicator["text"]
            )
            for poll in description["polls"]
            for section in poll["form"]["sections"]
            for indicator in section["indicators"]
        }
        count = count_material(material, description)
    except (AttributeError, KeyError, TypeError) as error:
        raise CannotVerify(f"kit.json 缺少内容或者写得不对：{error}") from error
    count.faults += faults
    compare(count, rows, names)
    print("评议活动\t{}".format(description["campaign"]))
    for cells in table(description, count):
        print("\t".join(cells))
    for unit in description.get("not_sealed", ()):
        print(f"尚未封存\t{unit}\t不在材料里。")
    if options.digests:
        text = sys.stdin.read() if options.digests == "-" else read_typed(options.digests)
        check_typed(count, typed_digests(text))
    for fault in count.faults:
        print(f"不一致\t{fault}")
    print("票箱%d个，%s。" % (count.boxes, "有%d处不一致" % len(count.faults) if count.faults else "全部一致"))
    return 1 if count.faults else 0


def read_typed(path):
    try:
        with open(path, encoding="utf-8-sig") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise CannotVerify(f"读不了文件“{path}”：{error}") from error


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main())
