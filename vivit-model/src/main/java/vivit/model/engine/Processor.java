package vivit.model.engine;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.dnnl.global.dnnl;

/**
 * The capabilities of a CPU according to oneDNN.
 *
 * @param architecture Java's name, such as {@code amd64} or {@code aarch64}
 * @param instructions oneDNN's {@code dnnl_cpu_isa_t}: a set of bits on x86, 0 elsewhere
 */
record Processor(String architecture, int instructions) {

  private static final Set<String> X86 = Set.of("amd64", "x86_64", "x86", "i386", "i686");

  /** Instruction sets with kernels; each includes the bits of the sets that it extends. */
  private enum Instructions {
    SSE41(dnnl.dnnl_cpu_isa_sse41, "SSE4.1"),
    AVX(dnnl.dnnl_cpu_isa_avx, "AVX"),
    AVX2(dnnl.dnnl_cpu_isa_avx2, "AVX2"),
    AVX2_VNNI(dnnl.dnnl_cpu_isa_avx2_vnni, "AVX2-VNNI"),
    AVX2_VNNI_2(dnnl.dnnl_cpu_isa_avx2_vnni_2, "AVX2-VNNI-2"),
    AVX512(dnnl.dnnl_cpu_isa_avx512_core, "AVX-512"),
    AVX512_VNNI(dnnl.dnnl_cpu_isa_avx512_core_vnni, "AVX-512-VNNI"),
    AVX512_BF16(dnnl.dnnl_cpu_isa_avx512_core_bf16, "AVX-512-BF16"),
    AVX512_FP16(dnnl.dnnl_cpu_isa_avx512_core_fp16, "AVX-512-FP16"),
    AMX(dnnl.dnnl_cpu_isa_avx512_core_amx, "AMX"),
    AMX_FP16(dnnl.dnnl_cpu_isa_avx512_core_amx_fp16, "AMX-FP16"),
    AVX10_2(dnnl.dnnl_cpu_isa_avx10_2_512, "AVX10.2"),
    AVX10_2_AMX_2(dnnl.dnnl_cpu_isa_avx10_2_512_amx_2, "AVX10.2-AMX-2");

    private final int bits;
    private final String text;

    Instructions(int bits, String text) {
      this.bits = bits;
      this.text = text;
    }

    boolean in(int found) {
      return (found & bits) == bits;
    }
  }

  /** The CPU of this machine. */
  static Processor current() {
    return new Processor(System.getProperty("os.arch"), dnnl.dnnl_get_effective_cpu_isa());
  }

  /** Name of the most advanced kernels that the CPU runs, such as {@code AVX2}. */
  String kernels() {
    if (!x86()) {
      return architecture;
    }
    String best = architecture + " without SSE4.1";
    for (Instructions known : Instructions.values()) {
      if (known.in(instructions)) {
        best = known.text;
      }
    }
    return best;
  }

  /** The warning for an x86 CPU without AVX2, which every fast kernel needs. */
  Optional<String> warning() {
    if (!x86() || Instructions.AVX2.in(instructions)) {
      return Optional.empty();
    }
    return Optional.of(
        "This CPU offers %s, expected at least AVX2: training will be %s slower than on such a CPU. Use a machine with AVX2; in a virtual machine let the guest see the host's CPU; unset ONEDNN_MAX_CPU_ISA if it is set"
            .formatted(kernels(), Instructions.AVX.in(instructions) ? "clearly" : "several times"));
  }

  private boolean x86() {
    return X86.contains(architecture.toLowerCase(Locale.ROOT));
  }
}
