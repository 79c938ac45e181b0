return Platform.Sandbox.Execution.WorkerMain.Run(args);
