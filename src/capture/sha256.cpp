#include "sha256.h"

#include "sekimori/bytes/error.h"
#include "sekimori/capture/capture_set.h"

#include "descriptor.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <vector>

namespace sekimori {
namespace detail {
namespace {

void check(int result) {
  if (result != 1) throw Error("SHA-256", "refused by libcrypto");
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const noexcept {
  EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  check(context_ != nullptr ? 1 : 0);
  check(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr));
}

void Sha256::add(Bytes bytes) {
  if (!bytes.empty()) check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
}

std::string Sha256::finish() {
  std::array<std::uint8_t, 32> digest{};
  check(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr));
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(digest.size() * 2);
  for (const auto byte : digest) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

std::string Sha256::so_far() const {
  Sha256 copy;
  check(EVP_MD_CTX_copy_ex(copy.context_.get(), context_.get()));
  return copy.finish();
}

}  // namespace detail

std::string sha256_of(const std::filesystem::path& path, std::uint64_t most) {
  const auto file = detail::open_file(path, O_RDONLY);
  if (!file.is_open()) throw Error(path.string(), std::generic_category().message(errno));

  detail::Sha256 hash;
  std::vector<std::uint8_t> block(std::size_t{1} << 18U);
  for (;;) {
    const auto wanted = std::min<std::uint64_t>(block.size(), most);
    const auto count = ::read(file.number(), block.data(), wanted);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Error(path.string(), std::generic_category().message(errno));
    if (count == 0) return hash.finish();
    hash.add(Bytes{block}.first(static_cast<std::size_t>(count)));
    most -= static_cast<std::uint64_t>(count);
  }
}

}  // namespace sekimori
