// Work in a process of its own: what it gives, and every way in which it may end instead.

#include "sekimori/bytes/apart.h"

#include "folder.h"

#include <catch2/catch.hpp>

#include <csignal>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

namespace sekimori::test {
namespace {

TEST_CASE("Apart: what the work gives comes whole, and changes nothing here", "[apart]") {
  auto here = 1;
  const auto given = run_apart([&] {
    here = 2;
    return std::string(3'000'000, 'x') + '\0' + std::to_string(::getpid());
  });
  REQUIRE(given);
  CHECK(given->substr(0, 3'000'000) == std::string(3'000'000, 'x'));
  CHECK(given->substr(3'000'001) != std::to_string(::getpid()));
  CHECK(here == 1);
  CHECK(run_apart([] { return std::string{}; }) == "");
}

TEST_CASE("Apart: a fault, an exception and an early end give nothing", "[apart]") {
  const auto number = GENERATE(SIGSEGV, SIGABRT, SIGKILL, SIGTERM);
  CHECK_FALSE(run_apart([&]() -> std::string {
    static_cast<void>(std::raise(number));
    return "lived on";
  }));
  CHECK_FALSE(run_apart([]() -> std::string { throw std::runtime_error("no"); }));
  CHECK_FALSE(run_apart([]() -> std::string { ::_exit(3); }));
}

TEST_CASE("Apart: work ends at its allowance", "[apart]") {
  Allowance little;
  little.seconds = 1;
  little.result = 1000;
  CHECK_FALSE(run_apart(
      [] {
        while (std::clock() >= 0) {
        }
        return std::string{};
      },
      little));
  CHECK_FALSE(run_apart(
      [] {
        ::pause();
        return std::string{"woken"};
      },
      little));
  CHECK(run_apart([] { return std::string(1000, 'x'); }, little));
  CHECK_FALSE(run_apart([] { return std::string(1001, 'x'); }, little));
  CHECK_FALSE(run_apart([] { return std::string(1'000'000, 'x'); }, little));
}

TEST_CASE("Apart: work makes no file longer", "[apart]") {
  const Folder folder;
  const auto path = folder / "file";
  CHECK_FALSE(run_apart([&] {
    std::ofstream{path} << "written" << std::flush;
    return std::string{"done"};
  }));
  CHECK(std::ifstream{path}.peek() == std::ifstream::traits_type::eof());
}

TEST_CASE("Apart: memory is bounded", "[apart]") {
  Allowance little;
  little.memory = 64U << 20U;
  const auto take = [](std::size_t bytes) {
    return [bytes] {
      const std::vector<char> taken(bytes, 'x');
      return std::string{taken.back()};
    };
  };
  CHECK(run_apart(take(16U << 20U), little) == "x");
  CHECK_FALSE(run_apart(take(1U << 30U), little));
}

}  // namespace
}  // namespace sekimori::test
