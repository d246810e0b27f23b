"""Runs the unittest suites of a folder and writes what happened as JSON: python-tests.py FOLDER REPORT."""

import json
import sys
import unittest


class CountingResult(unittest.TextTestResult):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self.passed += 1


def main(folder, report):
    top = folder.rsplit("/", 1)[0]
    suite = unittest.TestLoader().discover(folder, top_level_dir=top)
    result = unittest.TextTestRunner(resultclass=CountingResult, verbosity=2).run(suite)
    # A test whose subtests failed is in neither list of successes, and once for each subtest among the failures.
    failed = {test.id() for test, _ in result.failures + result.errors}
    failed |= {test.id() for test in result.unexpectedSuccesses}
    skipped = [f"{test.id()}: {reason}" for test, reason in result.skipped]
    with open(report, "w", encoding="utf-8") as file:
        json.dump({"passed": result.passed, "failed": sorted(failed), "skipped": skipped}, file)
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
