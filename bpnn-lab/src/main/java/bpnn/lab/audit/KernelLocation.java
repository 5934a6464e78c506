package bpnn.lab.audit;

/**
 * The first value in which two backends differ.
 *
 * @param step the training step
 * @param call number of the kernel call since the step began, from 1
 * @param kernel the kernel's name
 * @param operand the operand's name in {@link bpnn.spi.Kernels}
 * @param row its row
 * @param column its column
 * @param claimed what the backend of the trace gives
 * @param found what the other one gives
 */
public record KernelLocation(
        long step, int call, String kernel, String operand, int row, int column, float claimed, float found) {
    /** For people. */
    public String sentence(String claimant, String auditor) {
        return "Step " + step + ", kernel call " + call + ", " + kernel + ": " + operand + "[" + row + ", " + column
                + "] is "
                + claimed + " on " + claimant + ", but " + found + " on " + auditor
                + "; everything before it is the same.";
    }
}
