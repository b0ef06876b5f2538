package vivit.model.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.dnnl.global.dnnl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessorTest {

  /** The numbers stand in oneDNN's documentation of {@code dnnl_cpu_isa_t}. */
  @ParameterizedTest
  @CsvSource({
    "0x7, AVX2",
    "0xf, AVX2-VNNI",
    "0x1f, AVX2-VNNI-2",
    "0x27, AVX-512",
    "0x67, AVX-512-VNNI",
    "0xe7, AVX-512-BF16",
    "0x1ef, AVX-512-FP16",
    "0xfef, AMX",
    "0x1fef, AMX-FP16",
    "0x201ff, AVX10.2",
    "0x22fff, AVX10.2-AMX-2"
  })
  void fastOnes(String instructions, String name) {
    Processor processor = new Processor("amd64", Integer.decode(instructions));
    assertThat(processor.kernels()).isEqualTo(name);
    assertThat(processor.warning()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0, amd64 without SSE4.1, several times",
    "1, SSE4.1, several times",
    "3, AVX, clearly"
  })
  void slowOnes(int instructions, String name, String how) {
    Processor processor = new Processor("amd64", instructions);
    assertThat(processor.kernels()).isEqualTo(name);
    assertThat(processor.warning())
        .hasValue(
            "This CPU offers "
                + name
                + ", expected at least AVX2: training will be "
                + how
                + " slower than on such a CPU. Use a machine with AVX2; in a virtual machine let"
                + " the guest see the host's CPU; unset ONEDNN_MAX_CPU_ISA if it is set");
  }

  /** A later oneDNN may know more bits. */
  @Test
  void whatIsUnknownCountsAsTheBestThatItHolds() {
    assertThat(new Processor("x86_64", 0x1000027).kernels()).isEqualTo("AVX-512");
  }

  @ParameterizedTest
  @ValueSource(strings = {"aarch64", "arm64", "ppc64le"})
  void othersNeedNothingOfX86(String architecture) {
    Processor processor = new Processor(architecture, dnnl.dnnl_cpu_isa_default);
    assertThat(processor.kernels()).isEqualTo(architecture);
    assertThat(processor.warning()).isEmpty();
  }

  @Test
  void theMachineOfTheTestsIsKnown() {
    assertThat(Processor.current().kernels()).isNotBlank();
  }
}
