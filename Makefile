# make run（安装并启动）、make test（安装并跑完全部测试）；改代码时用 make dev 和 make check。
# Standard library scripts do the work; python3 is all they need.

PYTHON3 ?= python3
PORT ?= 8000
# Not ?=: some shells export HOST as the machine's name. `make run HOST=0.0.0.0` lets phones in.
HOST = 127.0.0.1

.PHONY: run dev check test test-long soak pictures bench bench-province bench-apart setup bundle lock lint format

run:
	@$(PYTHON3) scripts/setup.py
	@PINGYI_BIND=$(HOST):$(PORT) MEETING=$(MEETING) exec .venv/bin/python scripts/$(if $(MEETING),meeting,serve).py

# Django's own server, which reloads what is edited, with the demo's data.
dev:
	@$(PYTHON3) scripts/setup.py
	@PINGYI_BIND=$(HOST):$(PORT) exec .venv/bin/python scripts/dev.py

# Lint, and the tests of the files that differ from the main branch.
check:
	@$(PYTHON3) scripts/setup.py
	@exec .venv/bin/python scripts/check.py lint changed

test:
	@$(PYTHON3) scripts/setup.py --tests
	@exec .venv/bin/python scripts/check.py lint sqlite,coverage,postgresql+browser

# make test 里只有短形式的，用长的形式；涉及数据库的测试在 PostgreSQL 上全部跑一遍。发布以前运行。
test-long:
	@$(PYTHON3) scripts/setup.py --tests
	@exec .venv/bin/python scripts/check.py long,postgresql-whole+browser-long

# 长时间的负荷：SOAK_PHONES 部手机（缺省500）投 SOAK_MINUTES 分钟（缺省10），SQLite 和 PostgreSQL 各一遍，只用本机，有误的退出码不为0。
soak:
	@$(PYTHON3) scripts/setup.py --tests
	@SOAK_PHONES=$${SOAK_PHONES:-500} SOAK_MINUTES=$${SOAK_MINUTES:-10} exec .venv/bin/python -m pytest -q -s \
		tests/contract/test_soak.py

# 重拍帮助页里的图和页面一览（docs/gallery.md）：改了页面以后运行，和改动一起提交。
pictures:
	@$(PYTHON3) scripts/setup.py --tests
	@PINGYI_PICTURES=static/help PINGYI_GALLERY=docs/gallery exec .venv/bin/python -m pytest \
		tests/browser/test_pictures.py tests/browser/test_gallery.py -k "pictures or gallery"

# 测量速度、内存和占用空间：BENCH_SCALE=slice 只测十分之一个省，BENCH_ONLY=casting,pages 只测其中几项。
bench:
	@$(PYTHON3) scripts/setup.py --tests
	@exec .venv/bin/python -m bench

# A province of 102,000 units: every page of it, and the deeds of a county (bench/whole/__main__.py).
bench-province:
	@$(PYTHON3) scripts/setup.py --tests
	@exec .venv/bin/python -m bench.whole

# 几台服务器：两个网页服务、按评议点分区的表、副本、几个省的库，docs/scale_out.md 里的表就是它印的。
bench-apart:
	@$(PYTHON3) scripts/setup.py --tests
	@exec .venv/bin/python -m bench.apart

# Everything but serving.
setup:
	@$(PYTHON3) scripts/setup.py

# One archive for an office without network: the tree, wheels, style sheets, fonts (var/pingyi-bundle.tar.gz).
bundle:
	@$(PYTHON3) scripts/setup.py
	@exec .venv/bin/python scripts/bundle.py

# After a change of requirements.txt: the hashes of all that runs the application, by pip-tools.
lock:
	@exec .venv/bin/python scripts/bundle.py lock

lint:
	@$(PYTHON3) scripts/setup.py
	@exec .venv/bin/python scripts/check.py lint

format:
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .
