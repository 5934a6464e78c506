package bpnn.lab.run;

/**
 * A plan that cannot be carried out, or a folder that belongs to another one; the message is a sentence that says what was
 * found and what is expected.
 */
public final class PlanException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PlanException(String message) {
        super(message);
    }
}
