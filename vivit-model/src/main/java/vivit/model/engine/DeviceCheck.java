package vivit.model.engine;

import java.util.Optional;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Checks whether ND4J's CUDA backend has code for the graphics card of this machine. {@code
 * nd4j-cuda-11.6} holds machine code for compute capability 3.7 to 8.6 and no PTX that a driver
 * could compile for other cards: Volta, Turing, Ampere and Ada run it, Hopper (9.0) and later
 * cannot.
 */
public final class DeviceCheck {

  private static final Capability OLDEST = new Capability(3, 7);

  /** Code for 8.6 also runs on 8.7 to 8.9: same major number, later minor one. */
  private static final int LAST_MAJOR = 8;

  private DeviceCheck() {}

  /** A card's compute capability. */
  record Capability(int major, int minor) {
    @Override
    public String toString() {
      return major + "." + minor;
    }

    boolean atLeast(Capability other) {
      return major > other.major || (major == other.major && minor >= other.minor);
    }
  }

  /**
   * Refuses a card on which the first operation would fail. Does nothing on the CPU backend.
   *
   * @throws IllegalStateException if the current device cannot run the backend
   */
  public static void requireUsableDevice() {
    if (Nd4j.getExecutioner().type() == ExecutionerType.CUDA) {
      NativeOps ops = NativeOpsHolder.getInstance().getDeviceNativeOps();
      int device = ops.getDevice();
      Capability capability =
          new Capability(ops.getDeviceMajor(device), ops.getDeviceMinor(device));
      problem(ops.getDeviceName(device), capability)
          .ifPresent(
              message -> {
                throw new IllegalStateException(message);
              });
    }
  }

  /** The reason why a card cannot run the CUDA backend; empty if it can. */
  static Optional<String> problem(String device, Capability capability) {
    if (capability.atLeast(OLDEST) && capability.major() <= LAST_MAJOR) {
      return Optional.empty();
    }
    return Optional.of(
        ("Cannot compute on %s: it has compute capability %s, but nd4j-cuda-11.6 holds code for %s to"
                + " %d.9 only; use a card of the generations Volta to Ada, or build without -Pcuda")
            .formatted(device.strip(), capability, OLDEST, LAST_MAJOR));
  }
}
