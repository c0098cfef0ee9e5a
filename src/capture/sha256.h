#pragma once

#include "sekimori/bytes/byte_cursor.h"

#include <memory>
#include <string>

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX

namespace sekimori::detail {

/// SHA-256 (FIPS 180-4) of bytes that come piece by piece.
class Sha256 {
 public:
  Sha256();

  void add(Bytes bytes);
  /// Lower-case hex; nothing may be added after it.
  [[nodiscard]] std::string finish();
  /// The same of what was added so far; more may follow.
  [[nodiscard]] std::string so_far() const;

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace sekimori::detail
