; The installer for Windows: for one person, without administrator rights. Silent with /S; another folder with /D=C:\folder.
; Made by `cargo xtask package` under Windows and `cargo xtask check-windows` elsewhere, which name VERSION, PROGRAMS and OUT.
; An own script because Tauri's fetches plugins over the network whenever it runs and has no room for the command `photokeep`.
Unicode true
; Debian's default is 32 bits, which a Windows of 64 bits alone (as under wine) runs without installing anything.
!ifdef TARGET
  Target ${TARGET}
!endif
!include MUI2.nsh
!include FileFunc.nsh

Name "Photokeep"
OutFile "${OUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\Photokeep"
InstallDirRegKey HKCU "Software\Photokeep" "InstallFolder"
SetCompressor /SOLID lzma
ManifestDPIAware true
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "Photokeep"
VIAddVersionKey "FileDescription" "Photokeep installer"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "The Photokeep developers"

!define MUI_ICON "..\..\icons\icon.ico"
!define MUI_UNICON "..\..\icons\icon.ico"
!define MUI_FINISHPAGE_RUN "$INSTDIR\photokeep-desktop.exe"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Photokeep"
!define RUN "Software\Microsoft\Windows\CurrentVersion\Run"
; Where Microsoft's updater notes the web view (https://learn.microsoft.com/microsoft-edge/webview2/concepts/distribution).
!define WEBVIEW "Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}"

!insertmacro MUI_PAGE_LICENSE "..\..\LICENSE-MIT"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "German"

LangString NoWebView ${LANG_ENGLISH} "Photokeep's window needs Microsoft's WebView2, which is missing on this computer. Open Microsoft's page for it now?$\r$\n$\r$\nThe command photokeep works without it."
LangString NoWebView ${LANG_GERMAN} "Das Fenster von Photokeep braucht WebView2 von Microsoft, das auf diesem Computer fehlt. Microsofts Seite dafür jetzt öffnen?$\r$\n$\r$\nDer Befehl photokeep geht auch ohne."
LangString InUse ${LANG_ENGLISH} "Photokeep is running. Please quit it (in the tray: Quit), then press Retry."
LangString InUse ${LANG_GERMAN} "Photokeep läuft noch. Bitte beende es (im Infobereich: Beenden) und klicke dann auf Wiederholen."

; Ends with an error where a program of ours is in use; a run that writes photos is never ended from outside.
!macro WaitUntilFree
  again_${__FUNCTION__}:
  ClearErrors
  IfFileExists "$INSTDIR\photokeep-desktop.exe" 0 free_${__FUNCTION__}
  FileOpen $0 "$INSTDIR\photokeep-desktop.exe" a
  IfErrors busy_${__FUNCTION__}
  FileClose $0
  Goto free_${__FUNCTION__}
  busy_${__FUNCTION__}:
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(InUse)" /SD IDCANCEL IDRETRY again_${__FUNCTION__}
  SetErrorLevel 3
  Abort
  free_${__FUNCTION__}:
!macroend

Function CheckFree
  !insertmacro WaitUntilFree
FunctionEnd

Function un.CheckFree
  !insertmacro WaitUntilFree
FunctionEnd

Section
  Call CheckFree
  SetOutPath "$INSTDIR"
  File "${PROGRAMS}/photokeep-desktop.exe"
  File "${PROGRAMS}/photokeep.exe"
  ; Built by MinGW, the window loads this; built by Microsoft's compiler, it has it inside.
  !if /FileExists "${PROGRAMS}/WebView2Loader.dll"
    File "${PROGRAMS}/WebView2Loader.dll"
  !endif
  File "..\..\LICENSE-MIT"
  File "..\..\LICENSE-APACHE"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\Photokeep.lnk" "$INSTDIR\photokeep-desktop.exe"
  WriteRegStr HKCU "Software\Photokeep" "InstallFolder" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "Photokeep"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\photokeep-desktop.exe"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "The Photokeep developers"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  IntFmt $0 "0x%08X" $0
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" "$0"

  ReadRegStr $0 HKLM "SOFTWARE\WOW6432Node\${WEBVIEW}" "pv"
  ReadRegStr $1 HKLM "SOFTWARE\${WEBVIEW}" "pv"
  ReadRegStr $2 HKCU "SOFTWARE\${WEBVIEW}" "pv"
  StrCmp "$0$1$2" "" 0 done
  MessageBox MB_YESNO|MB_ICONINFORMATION "$(NoWebView)" /SD IDNO IDNO done
  ExecShell "open" "https://go.microsoft.com/fwlink/p/?LinkId=2124703"
  done:
SectionEnd

; Libraries are folders of the person's and stay, and so does what Photokeep knows of them (%APPDATA%): installed again, it goes on.
Section Uninstall
  Call un.CheckFree
  Delete "$INSTDIR\photokeep-desktop.exe"
  Delete "$INSTDIR\photokeep.exe"
  Delete "$INSTDIR\WebView2Loader.dll"
  Delete "$INSTDIR\LICENSE-MIT"
  Delete "$INSTDIR\LICENSE-APACHE"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\Photokeep.lnk"
  DeleteRegValue HKCU "${RUN}" "Photokeep"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegKey HKCU "Software\Photokeep"
SectionEnd
